package org.collectionscheduler.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Deployments that are hurt in every way keep every promise. Plays a seed that once told something, each day another one,
 * and a fresh one; with {@code -Dcluster.seed=…} that one alone, with {@code -Dcluster.seeds=…} all that once told
 * something and so many fresh ones.
 */
class SeededClusterProof {

    /** Each has failed once. A play takes two minutes and a half, so not all of them are played each time. */
    private static final long[] TELLING = {1, 2, 3, 4, 5, 6, 45_065_617, 363_378_207, 605_490_274, 771_340_340};

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    static LongStream seeds() {
        Long one = Long.getLong("cluster.seed");
        if (one != null) {
            return LongStream.of(one);
        }
        Integer many = Integer.getInteger("cluster.seeds");
        LongStream telling = many == null
                ? LongStream.of(TELLING[LocalDate.now(ZoneOffset.UTC).getDayOfYear() % TELLING.length])
                : LongStream.of(TELLING);
        return LongStream.concat(telling, new Random().longs(many == null ? 1 : many, 0, 1_000_000_000L));
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
