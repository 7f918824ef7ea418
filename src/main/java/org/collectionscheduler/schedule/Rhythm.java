package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a collection is to run, as it is declared: a schedule without its anchor and its offset. */
public sealed interface Rhythm {

    /**
     * The slots of a collection that keeps this rhythm.
     *
     * @param anchor when the collection was first registered
     * @param offset by which every slot is later; not negative
     */
    Schedule schedule(Instant anchor, Duration offset);

    /** The least time between two slots, daylight saving aside; empty when there are no two. */
    Optional<Duration> shortestGap();

    /** The setting that declares it: {@code interval}. */
    String kind();

    /** In a few words, for operators. */
    String text();

    /** At a fixed rate from the anchor on. */
    record Interval(Duration every) implements Rhythm {

        @Override
        public Schedule schedule(Instant anchor, Duration offset) {
            return new IntervalSchedule(anchor, offset, every);
        }

        @Override
        public Optional<Duration> shortestGap() {
            return Optional.of(every);
        }

        @Override
        public String kind() {
            return "interval";
        }

        @Override
        public String text() {
            return "every " + every;
        }
    }
}
