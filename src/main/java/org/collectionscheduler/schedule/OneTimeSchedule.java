package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A single slot.
 *
 * @param at cut to the millisecond
 * @param offset by which the slot is later than {@code at}; not negative; cut to the millisecond
 */
record OneTimeSchedule(Instant at, Duration offset) implements Schedule {

    OneTimeSchedule {
        at = Instant.ofEpochMilli(at.toEpochMilli());
        offset = Schedule.checkedOffset(offset);
    }

    @Override
    public Optional<Instant> nextAfter(Instant instant) {
        return Optional.of(slot()).filter(slot -> slot.isAfter(instant));
    }

    @Override
    public Optional<Instant> latestUntil(Instant instant) {
        return Optional.of(slot()).filter(slot -> !slot.isAfter(instant));
    }

    @Override
    public long count(Instant after, Instant until) {
        return slot().isAfter(after) && !slot().isAfter(until) ? 1 : 0;
    }

    @Override
    public String rhythm() {
        return "at " + at + " offset " + offset;
    }

    @Override
    public Instant settledAt(Instant now) {
        Instant before = slot().minusMillis(1);
        return now.isBefore(before) ? now : before;
    }

    private Instant slot() {
        return at.plus(offset);
    }
}
