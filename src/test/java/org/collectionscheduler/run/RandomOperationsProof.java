package org.collectionscheduler.run;

import java.util.stream.LongStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two hundred histories of a thousand operations each, several at a time. */
@Execution(ExecutionMode.CONCURRENT)
class RandomOperationsProof {

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aThousandOperationsAgreeWithTheModel(long seed) {
        try (RandomOperations operations = new RandomOperations(seed)) {
            operations.operate(1000);
        }
    }
}
