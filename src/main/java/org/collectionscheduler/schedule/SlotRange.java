package org.collectionscheduler.schedule;

import java.time.Instant;

/**
 * Consecutive slots of one schedule.
 *
 * @param count how many, at least one; one exactly when {@code first} equals {@code last}
 */
public record SlotRange(Instant first, Instant last, long count) {

    public SlotRange {
        if (count < 1 || last.isBefore(first) || (count == 1) != first.equals(last)) {
            throw new IllegalArgumentException("not a range of slots: " + first + " to " + last + ", " + count);
        }
    }

    public static SlotRange of(Instant slot) {
        return new SlotRange(slot, slot, 1);
    }
}
