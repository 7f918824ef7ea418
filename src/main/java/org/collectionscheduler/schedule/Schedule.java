package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a collection is to run: a set of slots, which are instants cut to the millisecond. */
public sealed interface Schedule permits IntervalSchedule {

    /** The first slot later than {@code instant}; empty when there is none, ever. */
    Optional<Instant> nextAfter(Instant instant);

    /** The last slot that is not later than {@code instant}; empty before the first slot. */
    Optional<Instant> latestUntil(Instant instant);

    /** How many slots are later than {@code after} and not later than {@code until}. */
    long count(Instant after, Instant until);

    /** Slots not later than this need not be served when the schedule comes into force, or is followed again, at {@code now}. */
    default Instant settledAt(Instant now) {
        return now;
    }

    /** The rhythm in one line, without the anchor. Two schedules whose rhythms differ are a change of schedule. */
    String rhythm();

    /** By how much every slot is later than the rhythm alone says; not negative. */
    Duration offset();
}
