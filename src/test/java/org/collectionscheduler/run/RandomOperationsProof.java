package org.collectionscheduler.run;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.LongStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two hundred histories of a thousand operations each, several at a time: a quarter of them, each day the next one, or with
 * {@code -Dproof.all=true} all of them.
 */
@Execution(ExecutionMode.CONCURRENT)
class RandomOperationsProof {

    private static final int QUARTERS = 4;

    static LongStream seeds() {
        LongStream all = LongStream.range(0, 200);
        int quarter = LocalDate.now(ZoneOffset.UTC).getDayOfYear() % QUARTERS;
        return Boolean.getBoolean("proof.all") ? all : all.filter(seed -> seed % QUARTERS == quarter);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aThousandOperationsAgreeWithTheModel(long seed) {
        try (RandomOperations operations = new RandomOperations(seed)) {
            operations.operate(1000);
        }
    }
}
