package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.collectionscheduler.schedule.Decision.GiveUp;
import org.collectionscheduler.schedule.Decision.Skip;
import org.collectionscheduler.schedule.Decision.Start;
import org.collectionscheduler.schedule.Decision.StartAttempt;
import org.collectionscheduler.schedule.Decision.WaitForChange;
import org.collectionscheduler.schedule.Decision.WaitUntil;

/** Everything about time is decided here; dispatchers only wake and exclude. */
public final class Decider {

    /**
     * A single slot served no later than this after its time was served, not missed: wide enough for a watcher that
     * looks every few seconds and for a takeover, narrow against any sensible interval.
     */
    public static final Duration PUNCTUAL = Duration.ofSeconds(60);

    private Decider() {}

    /** What to do about a collection at {@code now}. Pure: the same arguments give the same answer. */
    public static Decision decide(Rules rules, Progress progress, Instant now) {
        Optional<SlotRange> due = due(rules.schedule(), progress, now);
        if (progress.activity() instanceof Activity.Retrying retrying) {
            return decideRetry(rules, progress, retrying, due.isPresent(), now);
        }
        if (progress.state() != CollectionState.ACTIVE) {
            return new WaitForChange();
        }
        if (due.isPresent()) {
            return decideDue(rules, progress, due.get(), now);
        }
        if (progress.activity() instanceof Activity.Idle && startWanted(rules, progress, now)) {
            return new Start(RunKind.START, null, null);
        }
        return waitForNextSlot(rules.schedule(), progress, now);
    }

    /**
     * The slots that have come and are not settled; empty when there are none. A collection that is not active has none.
     */
    public static Optional<SlotRange> due(Schedule schedule, Progress progress, Instant now) {
        Optional<Instant> latest = schedule.latestUntil(now);
        if (progress.state() != CollectionState.ACTIVE
                || latest.isEmpty()
                || progress.claimed().contains(latest.get())) {
            return Optional.empty();
        }
        if (progress.decidedUntil().isAfter(now)) {
            return dueAfterClockWentBack(latest.get(), now);
        }
        Instant claimed = progress.claimed().floor(now);
        Instant settled =
                claimed != null && claimed.isAfter(progress.decidedUntil()) ? claimed : progress.decidedUntil();
        if (!latest.get().isAfter(settled)) {
            return Optional.empty();
        }
        return schedule.nextAfter(settled)
                .map(first -> new SlotRange(first, latest.get(), schedule.count(settled, latest.get())));
    }

    /** The first slot after {@code now} that has no run; empty when the schedule is not followed or has ended. */
    public static Optional<Instant> nextSlot(Schedule schedule, Progress progress, Instant now) {
        if (progress.state() != CollectionState.ACTIVE) {
            return Optional.empty();
        }
        Optional<Instant> next = schedule.nextAfter(now);
        while (next.isPresent() && progress.claimed().contains(next.get())) {
            next = schedule.nextAfter(next.get());
        }
        return next;
    }

    /**
     * Slots up to {@code decidedUntil} were decided under a clock that ran ahead. Each is served again only when it comes
     * by the right clock and has no run, so the rhythm neither stands still nor doubles.
     */
    private static Optional<SlotRange> dueAfterClockWentBack(Instant latest, Instant now) {
        return punctual(latest, now) ? Optional.of(SlotRange.of(latest)) : Optional.empty();
    }

    private static Decision decideRetry(
            Rules rules, Progress progress, Activity.Retrying retrying, boolean slotDue, Instant now) {
        boolean runs = progress.state() == CollectionState.ACTIVE || progress.state() == CollectionState.PAUSED;
        if (slotDue || !runs) {
            return new GiveUp();
        }
        if (!retrying.nextAttemptAt().isAfter(now)) {
            return new StartAttempt();
        }
        Optional<Instant> next = nextSlot(rules.schedule(), progress, now);
        boolean slotFirst = next.isPresent() && next.get().isBefore(retrying.nextAttemptAt());
        return new WaitUntil(slotFirst ? next.get() : retrying.nextAttemptAt());
    }

    private static Decision decideDue(Rules rules, Progress progress, SlotRange due, Instant now) {
        if (progress.activity() instanceof Activity.Busy) {
            return new Skip(due, SkipReason.OVERLAP);
        }
        if (progress.activity() instanceof Activity.Stuck) {
            return new Skip(due, SkipReason.STUCK);
        }
        boolean punctual = punctual(due.last(), now);
        if (due.count() == 1 && punctual) {
            return new Start(RunKind.SCHEDULE, due.last(), null);
        }
        return switch (rules.missedRuns()) {
            case RUN_ONCE -> new Start(RunKind.CATCH_UP, due.last(), due);
            case SKIP -> new Skip(punctual ? withoutLast(rules.schedule(), due) : due, SkipReason.MISSED);
        };
    }

    private static SlotRange withoutLast(Schedule schedule, SlotRange range) {
        Instant last = schedule.latestUntil(range.last().minusMillis(1)).orElseThrow();
        return new SlotRange(range.first(), last, range.count() - 1);
    }

    private static boolean startWanted(Rules rules, Progress progress, Instant now) {
        Instant last = progress.lastStartedAt();
        return progress.startPending()
                && switch (rules.runOnStart()) {
                    case NEVER -> false;
                    case IF_NEVER_RUN -> last == null;
                    case ALWAYS ->
                        last == null || !last.plus(rules.minimumInterval()).isAfter(now);
                };
    }

    private static Decision waitForNextSlot(Schedule schedule, Progress progress, Instant now) {
        return nextSlot(schedule, progress, now).<Decision>map(WaitUntil::new).orElseGet(WaitForChange::new);
    }

    private static boolean punctual(Instant slot, Instant now) {
        return !slot.plus(PUNCTUAL).isBefore(now);
    }
}
