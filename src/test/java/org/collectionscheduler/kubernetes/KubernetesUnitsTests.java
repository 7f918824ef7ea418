package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small values, by tables. */
class KubernetesUnitsTests {

    @ParameterizedTest
    @CsvSource({
        "v1.29.4-eks-036c24b, 1.29.4",
        "v1.30.1+k3s1, 1.30.1",
        "v1.27.3-gke.100, 1.27.3",
        "v1.28.9+rke2r1, 1.28.9",
        "v1.26.5+03a907c, 1.26.5",
        "1.31.0, 1.31.0",
        "v1.32.0-alpha.1.3+abc, 1.32.0",
        "v1.29, ",
        "release-7, "
    })
    void readsVersions(String served, String numbers) {
        ServerVersion version = new ServerVersion(served);

        assertThat(version.numbers()).isEqualTo(numbers);
        assertThat(version.toSection().status())
                .isEqualTo(numbers == null ? Section.Status.PARTIAL : Section.Status.OK);
    }

    @Test
    void delaysGrowToALimitUnlessTheServerAsksForMore() {
        RetryPolicy policy = new RetryPolicy(9, Duration.ofMillis(100), Duration.ofMillis(500));

        assertThat(policy.delayAfter(1, null)).isEqualTo(Duration.ofMillis(100));
        assertThat(policy.delayAfter(2, null)).isEqualTo(Duration.ofMillis(200));
        assertThat(policy.delayAfter(3, null)).isEqualTo(Duration.ofMillis(400));
        assertThat(policy.delayAfter(4, null)).isEqualTo(Duration.ofMillis(500));
        assertThat(policy.delayAfter(8, null)).isEqualTo(Duration.ofMillis(500));
        assertThat(policy.delayAfter(1, Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
        assertThat(policy.delayAfter(1, Duration.ZERO)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void countsDoNotGrowWithoutBound() {
        Counts counts = new Counts(2);
        for (String value : new String[] {"b", "a", "b", "c", "d"}) {
            counts.add(value);
        }

        assertThat(counts.asMap()).hasToString("{a=1, b=2, other=2}");
        assertThat(counts.mostFrequent("none")).isEqualTo("b");
    }

    @Test
    void showsTheMostFrequentOfManyValues() {
        Counts counts = new Counts(4);
        for (String value : new String[] {"d", "c", "other", "c", "b", "b", "a", "a"}) {
            counts.add(value);
        }

        assertThat(counts.most(4)).hasToString("{b=2, c=2, d=1, other=3}");
        assertThat(counts.most(2)).hasToString("{b=2, c=2, other=4}");
    }

    @Test
    void aNamespaceCalledOtherIsHiddenToo() {
        Counts counts = new Counts(5);
        counts.add("other");

        assertThat(counts.named(name -> "hidden")).hasToString("{hidden=1}");
    }
}
