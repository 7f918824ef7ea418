package org.collectionscheduler.kubernetes;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few clusters beside their truth; {@link SeededClustersProof} has two hundred. */
@Timeout(30)
class SeededClustersTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010})
    void equalTheTruthWhenStill(int seed) throws Exception {
        SeededClusters.checkStill(seed, directory);
    }

    @ParameterizedTest
    @ValueSource(ints = {2001, 2002, 2003, 2004, 2005, 2006, 2007, 2008, 2009, 2010})
    void keepWithinTheTruthWhenObjectsComeAndGo(int seed) throws Exception {
        SeededClusters.checkUnderChurn(seed, directory);
    }
}
