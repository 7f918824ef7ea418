package org.collectionscheduler.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.collectionscheduler.run.CollectionRecord.Counters;
import org.collectionscheduler.run.Completeness;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.RunState;
import org.collectionscheduler.run.StuckAttempt;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunKind;
import org.jspecify.annotations.Nullable;

/**
 * One collection as operators see it.
 *
 * @param owner whom to ask; null when nobody is named
 * @param pausedAt when an operator paused it; null while it is not paused
 * @param suspendedUntil end of the rest that the failure policy has given it; null while it is not rested
 * @param inForce false while other instances declare it otherwise, and run it
 * @param schedule as it is declared here
 * @param nextRunAt null while its schedule is not followed, or is not in force
 * @param overdueSince the earliest slot that has come and is not served; null when there is none, or it is not in force
 * @param running the oldest unfinished run; null when there is none
 * @param active all unfinished runs, oldest first
 * @param lastRun null before the first
 * @param stuck an attempt that ignores its cancellation; null when there is none
 */
public record CollectionView(
        String name,
        String collector,
        @Nullable String owner,
        Map<String, String> labels,
        CollectionState state,
        @Nullable Instant pausedAt,
        @Nullable Instant suspendedUntil,
        boolean inForce,
        ScheduleView schedule,
        @Nullable Instant nextRunAt,
        @Nullable Instant overdueSince,
        @Nullable RunningView running,
        List<RunningView> active,
        @Nullable LastRunView lastRun,
        @Nullable Instant lastSuccessAt,
        @Nullable StuckAttempt stuck,
        StatisticsView statistics) {

    /**
     * @param type the setting that declares it
     * @param text the rhythm in force, in a few words
     * @param interval in force: {@code configuredInterval}, but never shorter than {@code minimumInterval}; null for
     *     other types
     * @param configuredInterval null for other types
     */
    public record ScheduleView(
            String type,
            String text,
            @Nullable Duration interval,
            @Nullable Duration configuredInterval,
            Duration minimumInterval,
            Duration offset,
            Duration maxOffset,
            Instant anchor) {}

    /**
     * @param dueAt its slot, or when it was asked for
     * @param lateness from then to its first attempt, or to now where that has not begun
     * @param instance which process makes its newest attempt, or has claimed it
     * @param nextAttemptAt null unless it waits for another attempt
     */
    public record RunningView(
            String runId,
            int attempt,
            @Nullable String instance,
            RunState state,
            RunKind kind,
            Instant dueAt,
            Duration lateness,
            @Nullable Instant startedAt,
            @Nullable Instant nextAttemptAt) {}

    /**
     * @param lateness from its slot to its first attempt; null for a run without a slot
     * @param attempts how many were made
     */
    public record LastRunView(
            String id,
            RunKind kind,
            @Nullable Instant scheduledAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Duration lateness,
            @Nullable RunOutcome outcome,
            @Nullable Completeness completeness,
            @Nullable String reason,
            int attempts,
            @Nullable String error,
            @Nullable String payloadId,
            @Nullable Instant missedFrom,
            @Nullable Long missedCount) {}

    /** @param averageDuration null before the first run */
    public record StatisticsView(
            long runs,
            long succeeded,
            long partial,
            long failed,
            long timedOut,
            long cancelled,
            long skipped,
            long abandoned,
            long consecutiveFailures,
            @Nullable Duration averageDuration) {}

    public static CollectionView of(CollectionStatus status) {
        Definition definition = status.definition();
        List<RunningView> active =
                status.active().stream().map(run -> running(run, status.at())).toList();
        Run last = status.last();
        return new CollectionView(
                status.name(),
                definition.collector().name(),
                definition.policies().owner(),
                definition.policies().labels(),
                status.state(),
                status.record().pausedAt(),
                status.record().suspendedUntil(),
                status.inForce(),
                schedule(status),
                status.nextRunAt(),
                status.due() == null ? null : status.due().first(),
                active.isEmpty() ? null : active.get(0),
                active,
                last == null ? null : lastRun(last),
                status.record().lastSuccessAt(),
                status.stuck(),
                statistics(status.record().counters()));
    }

    private static ScheduleView schedule(CollectionStatus status) {
        Definition definition = status.definition();
        return new ScheduleView(
                definition.rhythm().kind(),
                definition.rhythm().text(),
                interval(definition.rhythm()),
                interval(definition.configuredRhythm()),
                definition.collector().minimumInterval(),
                status.offset(),
                definition.maxOffset(),
                status.record().anchor());
    }

    private static @Nullable Duration interval(Rhythm rhythm) {
        return rhythm instanceof Rhythm.Interval interval ? interval.every() : null;
    }

    private static RunningView running(Run run, Instant now) {
        return new RunningView(
                run.id(),
                run.attempt(),
                run.instance(),
                run.state(),
                run.kind(),
                run.dueAt(),
                late(run.dueAt(), run.startedAt() == null ? now : run.startedAt()),
                run.startedAt(),
                run.nextAttemptAt());
    }

    /** A start before its time is not late. */
    private static Duration late(Instant due, Instant started) {
        return started.isAfter(due) ? Duration.between(due, started) : Duration.ZERO;
    }

    private static LastRunView lastRun(Run run) {
        return new LastRunView(
                run.id(),
                run.kind(),
                run.scheduledAt(),
                run.startedAt(),
                run.finishedAt(),
                run.scheduledAt() == null || run.startedAt() == null ? null : late(run.scheduledAt(), run.startedAt()),
                run.outcome(),
                run.completeness(),
                run.reason(),
                run.attempt(),
                run.error(),
                run.payloadId(),
                run.missedFrom(),
                run.missedCount());
    }

    private static StatisticsView statistics(Counters counters) {
        return new StatisticsView(
                counters.runs(),
                counters.succeeded(),
                counters.partial(),
                counters.failed(),
                counters.timedOut(),
                counters.cancelled(),
                counters.skipped(),
                counters.abandoned(),
                counters.consecutiveFailures(),
                counters.averageDuration());
    }
}
