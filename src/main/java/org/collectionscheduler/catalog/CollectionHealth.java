package org.collectionscheduler.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.collectionscheduler.run.Completeness;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.RunState;
import org.collectionscheduler.run.RunStatistics.Rate;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.QuietTimes.Quiet;
import org.collectionscheduler.schedule.SlotRange;
import org.jspecify.annotations.Nullable;

/** What is wrong with one collection: of several things, the one that should be looked at first. */
final class CollectionHealth {

    /** A schedule all of whose slots lie in quiet times would otherwise be followed for ever. */
    private static final int MOST_SLOTS = 10_000;

    private final HealthProperties thresholds;

    CollectionHealth(HealthProperties thresholds) {
        this.thresholds = thresholds;
    }

    /** @param rate of the runs in the window; null when none has ended in it */
    Optional<Trouble> trouble(CollectionStatus status, @Nullable Rate rate) {
        return stuck(status)
                .or(() -> quarantined(status))
                .or(() -> failedRuns(status))
                .or(() -> overdue(status))
                .or(() -> lastRun(status))
                .or(() -> missedIntervals(status))
                .or(() -> successRate(status, rate));
    }

    private static Optional<Trouble> stuck(CollectionStatus status) {
        if (status.stuck() == null) {
            return Optional.empty();
        }
        Instant since = status.stuck().startedAt();
        return Optional.of(new Trouble(
                "stuck", "an attempt ignores its cancellation and still runs", since == null ? status.at() : since));
    }

    private static Optional<Trouble> quarantined(CollectionStatus status) {
        return status.state() == CollectionState.QUARANTINED
                ? Optional.of(quarantined("its stored row cannot be read", status.at()))
                : Optional.empty();
    }

    static Trouble quarantined(String reason, Instant since) {
        return new Trouble("quarantined", reason, since);
    }

    private Optional<Trouble> failedRuns(CollectionStatus status) {
        long failures = status.record().counters().consecutiveFailures();
        Run last = status.last();
        if (thresholds.failedRuns() == 0 || failures < thresholds.failedRuns() || last == null || !isFollowed(status)) {
            return Optional.empty();
        }
        String problem = failures + " failed runs in a row; " + ended(last);
        return Optional.of(new Trouble("failed-runs", problem, since(status)));
    }

    private static Optional<Trouble> overdue(CollectionStatus status) {
        SlotRange due = status.due();
        QuietTimes quiet = status.definition().quiet();
        if (due == null || quiet.at(status.at()).isPresent()) {
            return Optional.empty();
        }
        Duration patience = status.definition().rhythm().shortestGap().orElse(Duration.ZERO);
        // Slots that a quiet time held are due at its end.
        Instant from = quiet.at(due.last()).map(Quiet::until).orElse(due.first());
        return from.plus(patience).isBefore(status.at())
                ? Optional.of(new Trouble("overdue", "overdue by more than its interval", from))
                : Optional.empty();
    }

    private Optional<Trouble> lastRun(CollectionStatus status) {
        Run last = status.last();
        if (last == null
                || last.finishedAt() == null
                || last.outcome() == null
                || !matters(last.finishedAt(), status)) {
            return Optional.empty();
        }
        if (last.outcome() != RunOutcome.SUCCEEDED) {
            return Optional.of(new Trouble("last-run", ended(last), last.finishedAt()));
        }
        return last.completeness() == Completeness.PARTIAL
                ? Optional.of(new Trouble("last-run", "last run partial: " + last.reason(), last.finishedAt()))
                : Optional.empty();
    }

    /**
     * Counts the slots that have come since the last success, or since its schedule was last taken up anew. Those that
     * come while a run is being attempted are not missed yet: it may take longer than the interval.
     */
    private Optional<Trouble> missedIntervals(CollectionStatus status) {
        if (thresholds.missedIntervals() == 0 || !isFollowed(status) || !status.inForce()) {
            return Optional.empty();
        }
        Instant since = since(status);
        Instant until = status.active().stream()
                .filter(run -> run.state() == RunState.RUNNING)
                .findFirst()
                .map(Run::startedAt)
                .orElse(status.at());
        int slots = 0;
        for (int i = 0; i < MOST_SLOTS; i++) {
            Optional<Instant> slot = status.schedule().latestUntil(until).filter(found -> found.isAfter(since));
            if (slot.isEmpty()) {
                return Optional.empty();
            }
            Optional<Quiet> quiet = status.definition().quiet().at(slot.get());
            if (quiet.isEmpty() && ++slots == thresholds.missedIntervals()) {
                String problem = "no success since " + since + ", while " + slots + " slots or more have come";
                return Optional.of(new Trouble("missed-intervals", problem, since));
            }
            until = quiet.map(Quiet::from).orElse(slot.get()).minusMillis(1);
        }
        return Optional.empty();
    }

    private Optional<Trouble> successRate(CollectionStatus status, @Nullable Rate rate) {
        if (rate == null
                || !isFollowed(status)
                || rate.succeeded() + rate.failed() < thresholds.successRuns()
                || rate.share() >= thresholds.successRate()) {
            return Optional.empty();
        }
        String problem = "only " + rate.succeeded() + " of " + (rate.succeeded() + rate.failed())
                + " runs succeeded within " + thresholds.successWindow();
        return Optional.of(new Trouble("success-rate", problem, status.at().minus(thresholds.successWindow())));
    }

    /** The failure of what never runs again by itself is shown for a while: nothing would ever take it back. */
    private boolean matters(Instant lastEnd, CollectionStatus status) {
        return isFollowed(status)
                || status.state() == CollectionState.COMPLETED
                        && lastEnd.plus(thresholds.successWindow()).isAfter(status.at());
    }

    /** What an operator holds, and what is switched off or over, need not succeed. */
    private static boolean isFollowed(CollectionStatus status) {
        return status.state() == CollectionState.ACTIVE || status.state() == CollectionState.SUSPENDED;
    }

    /** The last success, or when the schedule was taken up anew after it. */
    private static Instant since(CollectionStatus status) {
        Instant success = status.record().lastSuccessAt();
        Instant settled = status.record().settledUntil();
        return success == null || settled.isAfter(success) ? settled : success;
    }

    private static String ended(Run last) {
        return "last run " + last.outcome() + ": " + last.error();
    }
}
