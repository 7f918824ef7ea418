package org.collectionscheduler.schedule;

import java.time.Duration;
import java.util.Optional;

/**
 * When a collection that fails again and again is rested, and for how long: twice as long after each further failure.
 *
 * @param after failed runs in a row until the first rest; 0 for never
 * @param first the first rest, at least a millisecond
 * @param longest no rest is longer; not shorter than {@code first}
 */
public record Suspension(int after, Duration first, Duration longest) {

    /** Beyond that the longest rest is reached by any first one. */
    private static final int MOST_DOUBLINGS = 40;

    public Suspension {
        if (after < 0 || first.toMillis() < 1 || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "suspend-after " + after + ", suspend-for " + first + ", max-suspend-for " + longest);
        }
    }

    /** How long to rest after that many failed runs in a row; empty for not at all. */
    public Optional<Duration> restAfter(long failures) {
        if (after == 0 || failures < after) {
            return Optional.empty();
        }
        int doublings = (int) Math.min(failures - after, MOST_DOUBLINGS);
        // Far below the overflow: the longest duration of a setting has 52 bits of milliseconds less these doublings.
        long millis =
                first.toMillis() > longest.toMillis() >> doublings ? longest.toMillis() : first.toMillis() << doublings;
        return Optional.of(Duration.ofMillis(millis));
    }
}
