package org.collectionscheduler.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Deployments that are hurt in every way keep every promise. Plays seeds that once told something, and a fresh one; with
 * {@code -Dcluster.seed=…} that one alone, with {@code -Dcluster.seeds=…} so many fresh ones.
 */
class SeededClusterProof {

    private static final long[] TELLING = {4};

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    static LongStream seeds() {
        Long one = Long.getLong("cluster.seed");
        if (one != null) {
            return LongStream.of(one);
        }
        Integer many = Integer.getInteger("cluster.seeds");
        LongStream fresh = new Random().longs(many == null ? 1 : many, 0, 1_000_000_000L);
        return many == null ? LongStream.concat(LongStream.of(TELLING), fresh) : fresh;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aHurtDeploymentKeepsItsPromises(long seed) throws Exception {
        System.out.println("cluster play of seed " + seed + " begins; play it again by: mvn -Pcluster verify"
                + " -Dcluster.seed=" + seed);
        try (ClusterPlay play = new ClusterPlay(ClusterPlan.of(seed), directory)) {
            ClusterPlay.Outcome outcome = play.begin().play();
            System.out.println(outcome.figures());
            keep(outcome);
            assertThat(outcome.faults())
                    .as(() -> "mvn -Pcluster verify -Dcluster.seed=" + seed + "\nin " + directory + "\n"
                            + String.join("\n", outcome.diary()))
                    .isEmpty();
        }
    }

    /** Beside what the instances have left, for whoever looks into it. */
    private void keep(ClusterPlay.Outcome outcome) throws IOException {
        Files.write(directory.resolve("diary"), outcome.diary());
        Files.write(directory.resolve("faults"), outcome.faults());
        Files.write(
                directory.resolve("runs"),
                outcome.evidence().stored().runs().stream()
                        .map(Object::toString)
                        .toList());
    }
}
