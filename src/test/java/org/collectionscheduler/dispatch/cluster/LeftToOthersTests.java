package org.collectionscheduler.dispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeftToOthersTests {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final LeftToOthers left = new LeftToOthers(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void whatNobodyFollowsIsLookedAtMoreAndMoreSeldom() {
        assertThat(delays("prices", "1 0", 10))
                .containsExactly(500L, 500L, 500L, 500L, 1000L, 2000L, 4000L, 8000L, 8000L, 8000L);
    }

    @Test
    void whatSomebodyDoesAnythingForIsLookedAtSoonAgain() {
        assertThat(delays("prices", "1 0", 6)).endsWith(2000L);
        assertThat(delays("news", "1 0", 1)).containsExactly(500L);

        assertThat(delays("prices", "2 0", 5)).containsExactly(500L, 500L, 500L, 500L, 1000L);
    }

    @Test
    void whatWasForgottenBeginsAnew() {
        assertThat(delays("prices", "1 0", 6)).endsWith(2000L);

        left.forget("prices");

        assertThat(delays("prices", "1 0", 1)).containsExactly(500L);
    }

    private List<Long> delays(String collection, String progress, int times) {
        return IntStream.range(0, times)
                .mapToObj(time -> Duration.between(NOW, left.next(collection, progress)))
                .map(Duration::toMillis)
                .toList();
    }
}
