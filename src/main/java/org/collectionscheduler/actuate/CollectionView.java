package org.collectionscheduler.actuate;

import java.time.Duration;
import java.time.Instant;
import org.collectionscheduler.catalog.CollectionStatus;
import org.collectionscheduler.catalog.Definition;
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
 * @param nextRunAt null while its schedule is not followed
 * @param overdueSince the earliest slot that has come and is not served; null when there is none
 * @param running the unfinished run; null when there is none
 * @param lastRun null before the first
 * @param stuck an attempt that ignores its cancellation; null when there is none
 */
record CollectionView(
        String name,
        String collector,
        CollectionState state,
        ScheduleView schedule,
        @Nullable Instant nextRunAt,
        @Nullable Instant overdueSince,
        @Nullable RunningView running,
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

    /** @param nextAttemptAt null unless it waits for another attempt */
    public record RunningView(
            String runId,
            int attempt,
            RunState state,
            @Nullable Instant startedAt,
            @Nullable Instant nextAttemptAt) {}

    /** @param attempts how many were made */
    public record LastRunView(
            String id,
            RunKind kind,
            @Nullable Instant scheduledAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
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

    static CollectionView of(CollectionStatus status) {
        Run active = status.active();
        Run last = status.last();
        return new CollectionView(
                status.name(),
                status.definition().collector().name(),
                status.state(),
                schedule(status),
                status.nextRunAt(),
                status.due() == null ? null : status.due().first(),
                active == null ? null : running(active),
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

    private static RunningView running(Run run) {
        return new RunningView(run.id(), run.attempt(), run.state(), run.startedAt(), run.nextAttemptAt());
    }

    private static LastRunView lastRun(Run run) {
        return new LastRunView(
                run.id(),
                run.kind(),
                run.scheduledAt(),
                run.startedAt(),
                run.finishedAt(),
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
