package org.collectionscheduler.schedule;

import java.time.Instant;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a collection has come.
 *
 * @param decidedUntil slots not later than this are settled: the latest of the last decided slot, the last change of the
 *     schedule, the last resumption, and the instant before registration
 * @param claimed slots after the earlier of {@code decidedUntil} and now, less one interval, that already have a run;
 *     they matter after the clock has gone back
 * @param lastStartedAt when an attempt of any run last started; null when none ever has
 * @param startPending the service has started and no run has begun since
 */
public record Progress(
        CollectionState state,
        Instant decidedUntil,
        NavigableSet<Instant> claimed,
        @Nullable Instant lastStartedAt,
        boolean startPending,
        Activity activity) {

    public Progress {
        claimed = java.util.Collections.unmodifiableNavigableSet(new TreeSet<>(claimed));
    }
}
