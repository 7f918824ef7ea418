package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred clusters beside their truth, still and under churn. */
class SeededClustersProof {

    private static final int SEEDS = 200;

    @TempDir
    Path directory;

    @Test
    void equalTheTruthWhenStill() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            SeededClusters.checkStill(seed, directory);
        }
    }

    @Test
    void keepWithinTheTruthWhenObjectsComeAndGo() throws Exception {
        Map<String, Integer> methods = new TreeMap<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            methods.merge(SeededClusters.checkUnderChurn(seed, directory), 1, Integer::sum);
        }
        System.out.println(SEEDS + " clusters under churn, pods counted: " + methods);
        assertThat(methods).containsOnlyKeys("exact", "remaining-item-count", "inconsistent");
    }
}
