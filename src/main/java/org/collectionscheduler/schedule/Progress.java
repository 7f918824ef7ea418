package org.collectionscheduler.schedule;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a collection has come.
 *
 * @param state every state but {@code COMPLETED}, which follows from the rest
 * @param suspendedUntil when the failure policy's rest ends; null unless {@code SUSPENDED}
 * @param decidedUntil slots not later than this are settled: the latest of the last decided slot, the last change of the
 *     schedule, the last resumption, and the instant before registration
 * @param claimed slots after the earlier of {@code decidedUntil} and now, less one interval, that already have a run;
 *     they matter after the clock has gone back
 * @param lastStartedAt when an attempt of any run last started; null when none ever has
 * @param startPending the service has started and no run has begun since
 * @param active the unfinished runs
 * @param stuck how many attempts of finished runs still run
 */
public record Progress(
        CollectionState state,
        @Nullable Instant suspendedUntil,
        Instant decidedUntil,
        NavigableSet<Instant> claimed,
        @Nullable Instant lastStartedAt,
        boolean startPending,
        List<ActiveRun> active,
        int stuck) {

    public Progress {
        if ((state == CollectionState.SUSPENDED) != (suspendedUntil != null)) {
            throw new IllegalArgumentException("a collection that is " + state + " rests until " + suspendedUntil);
        }
        claimed = claimed.isEmpty()
                ? Collections.emptyNavigableSet()
                : Collections.unmodifiableNavigableSet(new TreeSet<>(claimed));
        active = List.copyOf(active);
    }

    /** That of a collection whose schedule is followed, with nothing left to do up to that instant. */
    static Progress settled(Instant until) {
        return new Progress(
                CollectionState.ACTIVE, null, until, Collections.emptyNavigableSet(), null, false, List.of(), 0);
    }

    /** Whether its slots are served at {@code now}: a rested collection's are, from the end of its rest on. */
    boolean followsSchedule(Instant now) {
        return state == CollectionState.ACTIVE || suspendedUntil != null && !suspendedUntil.isAfter(now);
    }

    /** Slots not later than this are settled; those that passed during a rest are. */
    Instant settledUntil(Schedule schedule) {
        if (suspendedUntil == null) {
            return decidedUntil;
        }
        Instant rested = schedule.settledAt(suspendedUntil.minusMillis(1));
        return rested.isAfter(decidedUntil) ? rested : decidedUntil;
    }
}
