package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * First run at {@code anchor + offset}, then at a fixed rate: the slots are {@code anchor + offset + k * interval} for
 * k = 0, 1, 2, … The same rhythm is continued into the time before the anchor. It is reached only when the clock was
 * ahead at the first registration and has gone back since; the collection must not stand still until then.
 *
 * @param anchor when the collection was first registered
 * @param offset not negative; cut to the millisecond
 * @param interval at least one millisecond; cut to the millisecond
 */
record IntervalSchedule(Instant anchor, Duration offset, Duration interval) implements Schedule {

    IntervalSchedule {
        if (offset.isNegative()) {
            throw new IllegalArgumentException("offset is " + offset + "; it must not be negative");
        }
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException("interval is " + interval + "; it must be at least one millisecond");
        }
        anchor = Instant.ofEpochMilli(anchor.toEpochMilli());
        offset = Duration.ofMillis(offset.toMillis());
        interval = Duration.ofMillis(interval.toMillis());
    }

    @Override
    public Optional<Instant> nextAfter(Instant instant) {
        return Optional.of(slot(numberUntil(instant) + 1));
    }

    @Override
    public Optional<Instant> latestUntil(Instant instant) {
        return Optional.of(slot(numberUntil(instant)));
    }

    @Override
    public long count(Instant after, Instant until) {
        return Math.max(0, numberUntil(until) - numberUntil(after));
    }

    @Override
    public String rhythm() {
        return "interval " + interval + " offset " + offset;
    }

    private Instant first() {
        return anchor.plus(offset);
    }

    /** Slots are numbered in order: 0 is the first run, negative ones lie before the anchor. */
    private Instant slot(long number) {
        long k = number < 0 ? number - withoutSlot() : number;
        return first().plusMillis(Math.multiplyExact(k, interval.toMillis()));
    }

    /** Number of the last slot not later than {@code instant}. */
    private long numberUntil(Instant instant) {
        // toEpochMilli rounds down, and slots lie on whole milliseconds, so no slot is passed over.
        long elapsed = Math.subtractExact(instant.toEpochMilli(), first().toEpochMilli());
        long k = Math.floorDiv(elapsed, interval.toMillis());
        return k < 0 ? Math.min(k + withoutSlot(), -1) : k;
    }

    /** How many multiples of the interval lie between the anchor and the first run, where there are no slots. */
    private long withoutSlot() {
        return offset.toMillis() / interval.toMillis();
    }
}
