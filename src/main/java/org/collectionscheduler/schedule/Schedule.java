package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Optional;

/** When a collection is to run: a set of slots, which are instants cut to the millisecond. */
public sealed interface Schedule permits IntervalSchedule, CalendarSchedule, OneTimeSchedule {

    /** The first slot later than {@code instant}; empty when there is none, ever. */
    Optional<Instant> nextAfter(Instant instant);

    /** The last slot that is not later than {@code instant}; empty before the first slot. */
    Optional<Instant> latestUntil(Instant instant);

    /** How many slots are later than {@code after} and not later than {@code until}. */
    long count(Instant after, Instant until);

    /** The rhythm in one line, without the anchor. Two schedules whose rhythms differ are a change of schedule. */
    String rhythm();

    /** By how much every slot is later than the rhythm alone says; not negative. */
    Duration offset();

    /**
     * Slots not later than this need not be served when the schedule comes into force, or is followed again, at
     * {@code now}. It is {@code now}, but for a schedule of one slot, which is decided even when it has passed.
     */
    default Instant settledAt(Instant now) {
        return now;
    }

    /**
     * The first local time, skipped by the zone's clocks, for which this slot stands at the end of the gap; empty for
     * every slot that daylight saving has not moved.
     */
    default Optional<LocalDateTime> movedFrom(Instant slot) {
        return Optional.empty();
    }

    /** Cut to the millisecond. */
    static Duration checkedOffset(Duration offset) {
        if (offset.isNegative()) {
            throw new IllegalArgumentException("offset is " + offset + "; it must not be negative");
        }
        return Duration.ofMillis(offset.toMillis());
    }
}
