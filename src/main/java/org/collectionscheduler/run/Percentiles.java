package org.collectionscheduler.run;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * By the nearest rank: the least value that so many per cent of all do not exceed.
 *
 * @param count of how many values
 * @param p50 null without any value, and so are the others
 */
record Percentiles(
        long count,
        @Nullable Duration p50,
        @Nullable Duration p90,
        @Nullable Duration p99,
        @Nullable Duration max) {

    /** @param counts how often each value of milliseconds occurs, in the order of the values */
    static Percentiles of(SortedMap<Long, Long> counts) {
        long count = counts.values().stream().mapToLong(Long::longValue).sum();
        return new Percentiles(
                count, rank(counts, count, 50), rank(counts, count, 90), rank(counts, count, 99), rank(counts, count, 100));
    }

    private static @Nullable Duration rank(SortedMap<Long, Long> counts, long count, int percent) {
        long wanted = Math.floorDiv(count * percent + 99, 100);
        long passed = 0;
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            passed += entry.getValue();
            if (passed >= wanted && entry.getValue() > 0) {
                return Duration.ofMillis(entry.getKey());
            }
        }
        return null;
    }
}
