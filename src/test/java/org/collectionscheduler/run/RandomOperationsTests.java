package org.collectionscheduler.run;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sample of what {@link RandomOperationsProof} does. */
@Timeout(120)
class RandomOperationsTests {

    @ParameterizedTest
    @ValueSource(longs = {1001, 1002, 1003})
    void operationsAgreeWithTheModel(long seed) {
        try (RandomOperations operations = new RandomOperations(seed)) {
            operations.operate(300);
        }
    }
}
