package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetTests {

    private static final int DEPLOYMENTS = 10_000;
    private static final int BINS = 60;

    /** Chi-squared with 59 degrees of freedom exceeds this by chance once in a thousand times. */
    private static final double CRITICAL_59 = 98.32;

    /** Chi-squared with 81 degrees of freedom exceeds this by chance once in a thousand times. */
    private static final double CRITICAL_81 = 126.08;

    @Test
    void isTheSameForEver() {
        // Written down once: a change of the formula would move the rhythm of every deployment that exists.
        assertThat(Offset.of("seed", "cluster-metadata", Duration.ofHours(1))).isEqualTo(Duration.ofMillis(3_183_288));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.001S", "PT0.002S", "PT1S", "PT1H", "P1D", "P36500D"})
    void liesBetweenZeroAndTheMaximumExclusive(Duration maxOffset) {
        seeds().forEach(seed -> assertThat(Offset.of(seed, "cluster-metadata", maxOffset))
                .isGreaterThanOrEqualTo(Duration.ZERO)
                .isLessThan(maxOffset));
    }

    @Test
    void isZeroForNoMaximum() {
        assertThat(Offset.of("seed", "cluster-metadata", Duration.ZERO)).isZero();
    }

    @Test
    void refusesANegativeMaximum() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Offset.of("seed", "cluster-metadata", Duration.ofMillis(-1)))
                .withMessageContaining("max-offset is PT-0.001S");
    }

    @Test
    void isUniformOverDeployments() {
        for (String collection : new String[] {"cluster-metadata", "resource-inventory", "x"}) {
            int[] observed = new int[BINS];
            seeds().forEach(seed -> observed[bin(seed, collection, BINS)]++);
            assertThat(chiSquared(observed)).as(collection).isLessThan(CRITICAL_59);
        }
    }

    @Test
    void isIndependentBetweenCollectionsOfADeployment() {
        int[] observed = new int[100];
        seeds().forEach(seed ->
                observed[10 * bin(seed, "cluster-metadata", 10) + bin(seed, "resource-inventory", 10)]++);
        // With the margins taken as uniform there are 99 degrees of freedom, with estimated ones 81; the smaller is
        // stricter.
        assertThat(chiSquared(observed)).isLessThan(CRITICAL_81);
    }

    @Test
    void differsBetweenDeployments() {
        assertThat(seeds().map(seed -> Offset.of(seed, "cluster-metadata", Duration.ofDays(1)))
                        .distinct()
                        .count())
                // 10,000 draws out of 86,400,000 collide less than once on average.
                .isCloseTo(DEPLOYMENTS, within(5L));
    }

    @Test
    void seedAndNameDoNotRunTogether() {
        assertThat(Offset.of("seed", "a", Duration.ofDays(1))).isNotEqualTo(Offset.of("see", "da", Duration.ofDays(1)));
    }

    private static Stream<String> seeds() {
        Random random = new Random(20260301);
        return Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()).toString())
                .limit(DEPLOYMENTS);
    }

    private static int bin(String seed, String collection, int bins) {
        return (int) (Offset.of(seed, collection, Duration.ofHours(1)).toMillis() * bins / 3_600_000);
    }

    private static double chiSquared(int[] observed) {
        double expected = (double) DEPLOYMENTS / observed.length;
        double sum = 0;
        for (int count : observed) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }
}
