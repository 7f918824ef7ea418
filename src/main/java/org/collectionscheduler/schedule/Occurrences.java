package org.collectionscheduler.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Optional;

/** The instants that a pattern of local date-times names in a zone. */
sealed interface Occurrences permits FixedTimes, RealHours {

    /** The first later than {@code instant}. */
    Instant nextAfter(Instant instant);

    /** The last that is not later than {@code instant}. */
    Instant latestUntil(Instant instant);

    /** How many are later than {@code after} and not later than {@code until}. */
    long count(Instant after, Instant until);

    /** The first local time, missing in the zone, for which this occurrence stands; empty for all others. */
    Optional<LocalDateTime> movedFrom(Instant occurrence);
}
