package org.collectionscheduler.schedule;

import java.time.Instant;
import java.util.Optional;

/** When the slots of a collection are not served. */
@FunctionalInterface
public interface QuietTimes {

    QuietTimes NONE = instant -> Optional.empty();

    /** What becomes of the slots in a quiet time. */
    enum Slots {
        /** They are recorded as skipped. */
        SKIP,
        /** The latest of them is served when the quiet time ends. */
        HOLD
    }

    /**
     * One quiet time.
     *
     * @param from its beginning, inclusive
     * @param until its end, exclusive
     */
    record Quiet(Instant from, Instant until, Slots slots) {}

    /** The quiet time that the instant lies in; empty when it lies in none. */
    Optional<Quiet> at(Instant instant);
}
