package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.schedule.SkipReason;
import org.collectionscheduler.schedule.SlotRange;
import org.jspecify.annotations.Nullable;

/**
 * The duty to serve one slot, or one demand, as stored.
 *
 * @param scheduledAt the slot; null for a run that has none
 * @param missedFrom first of the slots that it makes up for or passes over; null when it stands for one slot or none
 * @param missedCount how many slots those are; null likewise
 * @param outcome null until the run is finished
 * @param completeness null unless it succeeded
 * @param reason why it was skipped, or which parts a partial success lacks; null otherwise
 * @param attempt number of the newest attempt; 0 before the first
 * @param instance which process has made that, or has claimed the run; null for one that passes slots over
 * @param nextAttemptAt when the next attempt is due; null unless {@code RETRYING}
 * @param startedAt start of the first attempt; null before it
 * @param duration of the last attempt, by a monotonic clock; null until the run is finished
 * @param error of the newest attempt that failed; null when none has
 */
public record Run(
        String id,
        String collection,
        RunKind kind,
        @Nullable Instant scheduledAt,
        @Nullable Instant missedFrom,
        @Nullable Long missedCount,
        RunState state,
        @Nullable RunOutcome outcome,
        @Nullable Completeness completeness,
        @Nullable String reason,
        int attempt,
        @Nullable String instance,
        @Nullable Instant nextAttemptAt,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Duration duration,
        @Nullable String error,
        @Nullable String payloadId) {

    /** Claimed, not attempted yet. */
    static Run waiting(
            String id,
            String collection,
            RunKind kind,
            @Nullable Instant slot,
            @Nullable SlotRange missed,
            String instance,
            Instant now) {
        return new Run(
                id,
                collection,
                kind,
                slot,
                missed == null ? null : missed.first(),
                missed == null ? null : missed.count(),
                RunState.WAITING,
                null,
                null,
                null,
                0,
                instance,
                null,
                now,
                null,
                null,
                null,
                null,
                null);
    }

    /** The record of slots that were passed over. */
    static Run skipped(String id, String collection, SlotRange slots, SkipReason reason, Instant now) {
        return new Run(
                id,
                collection,
                RunKind.SCHEDULE,
                slots.last(),
                slots.first(),
                slots.count(),
                RunState.FINISHED,
                RunOutcome.SKIPPED,
                null,
                reason.lowerCaseName(),
                0,
                null,
                null,
                now,
                null,
                now,
                null,
                null,
                null);
    }

    /** In its first attempt, which began at {@code now}; stored nowhere. */
    static Run unstored(String id, String collection, Instant now) {
        return new Run(
                id,
                collection,
                RunKind.DEMAND,
                null,
                null,
                null,
                RunState.RUNNING,
                null,
                null,
                null,
                1,
                null,
                null,
                now,
                now,
                null,
                null,
                null,
                null);
    }

    /** In its next attempt, which that instance makes. */
    Run begun(Instant now, String by) {
        return attempted(RunState.RUNNING, attempt + 1, by, null, startedAt == null ? now : startedAt, error);
    }

    /** To be attempted again. */
    Run retrying(Instant at, @Nullable String newError) {
        return attempted(
                RunState.RETRYING, attempt, instance, Instant.ofEpochMilli(at.toEpochMilli()), startedAt, newError);
    }

    private Run attempted(
            RunState newState,
            int newAttempt,
            @Nullable String newInstance,
            @Nullable Instant newNextAttemptAt,
            @Nullable Instant newStartedAt,
            @Nullable String newError) {
        return new Run(
                id,
                collection,
                kind,
                scheduledAt,
                missedFrom,
                missedCount,
                newState,
                outcome,
                completeness,
                reason,
                newAttempt,
                newInstance,
                newNextAttemptAt,
                createdAt,
                newStartedAt,
                finishedAt,
                duration,
                newError,
                payloadId);
    }

    /** Ended as its newest attempt; durations are stored in milliseconds. */
    Run finished(AttemptEnd end, @Nullable String newPayloadId, Instant now) {
        return new Run(
                id,
                collection,
                kind,
                scheduledAt,
                missedFrom,
                missedCount,
                RunState.FINISHED,
                end.outcome(),
                end.completeness(),
                end.reason(),
                attempt,
                instance,
                null,
                createdAt,
                startedAt,
                now,
                Duration.ofMillis(end.duration().toMillis()),
                end.error(),
                newPayloadId);
    }

    public boolean isFinished() {
        return state == RunState.FINISHED;
    }

    /** How many slots, or demands, it stands for: at least one. */
    long slots() {
        return missedCount == null ? 1 : missedCount;
    }

    /** The instant by which it is late: its slot, or when it was asked for. */
    public Instant dueAt() {
        return scheduledAt == null ? createdAt : scheduledAt;
    }
}
