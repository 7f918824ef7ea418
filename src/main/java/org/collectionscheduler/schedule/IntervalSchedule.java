package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * First run at {@code anchor + offset}, then at a fixed rate: the slots are {@code anchor + offset + k * interval} for
 * k = 0, 1, 2, …
 *
 * @param anchor when the collection was first registered
 * @param offset not negative; cut to the millisecond
 * @param interval at least one millisecond; cut to the millisecond
 */
public record IntervalSchedule(Instant anchor, Duration offset, Duration interval) implements Schedule {

    public IntervalSchedule {
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
        return Optional.of(slot(Math.max(0, indexUntil(instant) + 1)));
    }

    @Override
    public Optional<Instant> latestUntil(Instant instant) {
        long index = indexUntil(instant);
        return index < 0 ? Optional.empty() : Optional.of(slot(index));
    }

    @Override
    public long count(Instant after, Instant until) {
        long last = indexUntil(until);
        long before = Math.max(-1, indexUntil(after));
        return Math.max(0, last - before);
    }

    @Override
    public String rhythm() {
        return "interval " + interval + " offset " + offset;
    }

    private Instant first() {
        return anchor.plus(offset);
    }

    private Instant slot(long index) {
        return first().plusMillis(Math.multiplyExact(index, interval.toMillis()));
    }

    /** Index of the last slot not later than {@code instant}; negative before the first. */
    private long indexUntil(Instant instant) {
        // toEpochMilli rounds down, and slots lie on whole milliseconds, so no slot is passed over.
        long elapsed = Math.subtractExact(instant.toEpochMilli(), first().toEpochMilli());
        return Math.floorDiv(elapsed, interval.toMillis());
    }
}
