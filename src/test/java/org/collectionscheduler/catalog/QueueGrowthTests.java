package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueGrowthTests {

    private static final Duration PERIOD = Duration.ofSeconds(100);

    /** One sample each ten seconds. */
    @ParameterizedTest
    @CsvSource({
        "grows steadily,                    0 1 2 3 4 5 6 7 8 9 10,             true",
        "grows and swings,                  0 3 2 5 4 7 6 9 8 11 10,            true",
        "is long,                           90 90 90 90 90 90 90 90 90 90 90,   false",
        "is empty,                          0 0 0 0 0 0 0 0 0 0 0,              false",
        "has jumped,                        0 0 0 0 0 50 50 50 50 50 50,        false",
        "swings,                            0 5 0 5 0 5 0 5 0 5 0,              false",
        "shrinks,                           10 9 8 7 6 5 4 3 2 1 0,             false",
        "has grown until a moment ago,      0 1 2 3 4 5 6 7 8 5 5,              false",
        "has not been looked at for long,   7 8 9 10,                           false",
        "is watched longer,                 99 99 99 0 1 2 3 4 5 6 7 8 9 10,    true"
    })
    void aQueueGrowsWhenItDoesSoAllTheTime(String what, String lengths, boolean grows) {
        QueueGrowth growth = new QueueGrowth(PERIOD);
        long[] now = {5};
        boolean[] last = new boolean[1];
        Arrays.stream(lengths.split(" ")).mapToInt(Integer::parseInt).forEach(length -> {
            last[0] = growth.grows(now[0], length);
            now[0] += Duration.ofSeconds(10).toNanos();
        });
        assertThat(last[0]).as(what).isEqualTo(grows);
    }
}
