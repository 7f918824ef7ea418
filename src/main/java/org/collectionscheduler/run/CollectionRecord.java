package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import org.collectionscheduler.schedule.CollectionState;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a collection beside its runs.
 *
 * @param declared {@code ACTIVE}, {@code DISABLED}, {@code RETIRED} or {@code QUARANTINED}
 * @param declaration as it is in force; null when whoever declares it may run it
 * @param anchor when it was first registered
 * @param settledUntil slots up to this were settled by registration, a change of schedule or a resumption
 * @param pausedAt when an operator paused it; null while it is not paused
 * @param suspendedUntil end of the rest that the failure policy has given it; null while it is not rested
 * @param lastDecidedSlot the slot that was last claimed or skipped; null before the first
 * @param lastStartedAt start of the newest attempt of any run; null before the first
 */
public record CollectionRecord(
        String name,
        String collector,
        CollectionState declared,
        DeclaredBy declaredBy,
        String rhythm,
        @Nullable String declaration,
        Instant anchor,
        Instant settledUntil,
        @Nullable Instant pausedAt,
        @Nullable Instant suspendedUntil,
        @Nullable Instant lastDecidedSlot,
        @Nullable Instant lastStartedAt,
        @Nullable Instant lastSuccessAt,
        @Nullable String lastSuccessPayload,
        @Nullable String lastRunId,
        Counters counters) {

    /**
     * Runs counted once each, however many attempts they took; skipped slots are counted apart.
     *
     * @param runs finished runs that were not skipped
     * @param partial those of {@code succeeded} that lack a part
     * @param skipped slots passed over
     * @param consecutiveFailures failed, timed-out or abandoned runs since the last success
     * @param totalDuration of the last attempts of all {@code runs}
     */
    public record Counters(
            long runs,
            long succeeded,
            long partial,
            long failed,
            long timedOut,
            long cancelled,
            long abandoned,
            long skipped,
            long consecutiveFailures,
            Duration totalDuration) {

        static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO);

        /** Null before the first run. */
        public @Nullable Duration averageDuration() {
            return runs == 0 ? null : totalDuration.dividedBy(runs);
        }
    }

    /** As it is declared now, under that rhythm, with every slot up to {@code newSettledUntil} settled. */
    CollectionRecord with(Declaration newDeclaration, Instant newSettledUntil) {
        return new CollectionRecord(
                name,
                newDeclaration.collector(),
                newDeclaration.state(),
                newDeclaration.by(),
                newDeclaration.rhythm(),
                newDeclaration.text(),
                anchor,
                newSettledUntil,
                pausedAt,
                suspendedUntil,
                lastDecidedSlot,
                lastStartedAt,
                lastSuccessAt,
                lastSuccessPayload,
                lastRunId,
                counters);
    }

    /** With that run claimed, and begun if it has. */
    CollectionRecord claimed(Run run) {
        return new CollectionRecord(
                name,
                collector,
                declared,
                declaredBy,
                rhythm,
                declaration,
                anchor,
                settledUntil,
                pausedAt,
                suspendedUntil,
                run.scheduledAt() == null ? lastDecidedSlot : run.scheduledAt(),
                run.startedAt() == null ? lastStartedAt : run.startedAt(),
                lastSuccessAt,
                lastSuccessPayload,
                lastRunId,
                counters);
    }

    /** Whether one that is declared so may be run. */
    public boolean isInForce(String other) {
        return declaration == null || declaration.equals(other);
    }

    /** A pause matters while it is declared active, and a rest while it is not paused. */
    public CollectionState state() {
        if (declared != CollectionState.ACTIVE) {
            return declared;
        }
        if (pausedAt != null) {
            return CollectionState.PAUSED;
        }
        return suspendedUntil == null ? CollectionState.ACTIVE : CollectionState.SUSPENDED;
    }

    /** The latest of all that settles slots. */
    public Instant decidedUntil() {
        return lastDecidedSlot != null && lastDecidedSlot.isAfter(settledUntil) ? lastDecidedSlot : settledUntil;
    }
}
