package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five hundred pairs of misbehaviours in one process. */
class HostilityPairsProof {

    private static final int SEEDS = 500;

    @TempDir
    Path directory;

    @Test
    void whatComesOutIsTrueOrMissing() throws Exception {
        Map<String, Integer> outcomes = new TreeMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(4, new NamedThreads("pair"));
        try {
            List<Future<String>> pairs = new ArrayList<>();
            for (int seed = 0; seed < SEEDS; seed++) {
                int own = seed;
                pairs.add(threads.submit(() -> HostilityPairs.check(own, directory)));
            }
            for (Future<String> pair : pairs) {
                outcomes.merge(pair.get(5, TimeUnit.MINUTES), 1, Integer::sum);
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println(SEEDS + " pairs: " + outcomes);
        assertThat(outcomes).containsOnlyKeys("full", "partial", "failed");
    }
}
