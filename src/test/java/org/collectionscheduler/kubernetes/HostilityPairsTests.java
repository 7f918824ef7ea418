package org.collectionscheduler.kubernetes;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few pairs of misbehaviours; {@link HostilityPairsProof} has five hundred. */
@Timeout(30)
class HostilityPairsTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010})
    void whatComesOutIsTrueOrMissing(int seed) throws Exception {
        HostilityPairs.check(seed, directory);
    }
}
