package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.collectionscheduler.schedule.ActiveRun.Stage;
import org.collectionscheduler.schedule.Decision.GiveUp;
import org.collectionscheduler.schedule.Decision.Skip;
import org.collectionscheduler.schedule.Decision.Start;
import org.collectionscheduler.schedule.Decision.StartAttempt;
import org.collectionscheduler.schedule.Decision.WaitForChange;
import org.collectionscheduler.schedule.Decision.WaitUntil;
import org.collectionscheduler.schedule.QuietTimes.Quiet;
import org.collectionscheduler.schedule.QuietTimes.Slots;
import org.jspecify.annotations.Nullable;

/** Everything about time is decided here; dispatchers only wake and exclude. */
public final class Decider {

    /**
     * A single slot served no later than this after its time was served, not missed: wide enough for a watcher that
     * looks every few seconds and for a takeover, narrow against any sensible interval.
     */
    public static final Duration PUNCTUAL = Duration.ofSeconds(60);

    /** A schedule all of whose slots lie in quiet times would otherwise be followed for ever. */
    private static final int MOST_QUIET_TIMES = 1000;

    private final Rules rules;
    private final Progress progress;
    private final Instant now;

    private Decider(Rules rules, Progress progress, Instant now) {
        this.rules = rules;
        this.progress = progress;
        this.now = now;
    }

    /** What to do about a collection at {@code now}. Pure: the same arguments give the same answer. */
    public static Decision decide(Rules rules, Progress progress, Instant now) {
        return new Decider(rules, progress, now).decide();
    }

    /**
     * The slots that have come and are not settled; empty when there are none. A collection whose schedule is not
     * followed has none.
     */
    public static Optional<SlotRange> due(Rules rules, Progress progress, Instant now) {
        Schedule schedule = rules.schedule();
        Optional<Instant> latest = schedule.latestUntil(now);
        if (!progress.followsSchedule(now)
                || latest.isEmpty()
                || progress.claimed().contains(latest.get())) {
            return Optional.empty();
        }
        Instant decided = progress.settledUntil(schedule);
        if (decided.isAfter(now)) {
            return dueAfterClockWentBack(rules, latest.get(), now);
        }
        Instant claimed = progress.claimed().floor(now);
        Instant settled = claimed != null && claimed.isAfter(decided) ? claimed : decided;
        if (!latest.get().isAfter(settled)) {
            return Optional.empty();
        }
        return schedule.nextAfter(settled)
                .map(first -> new SlotRange(first, latest.get(), schedule.count(settled, latest.get())));
    }

    /**
     * The first slot after {@code now} that has no run, served or not; empty when the schedule is not followed or has
     * ended. The only slot of a schedule may have passed during a rest, which is decided at the end of that.
     */
    private static Optional<Instant> nextSlot(Schedule schedule, Progress progress, Instant now) {
        Instant rest = progress.suspendedUntil();
        if (progress.state() != CollectionState.ACTIVE && rest == null) {
            return Optional.empty();
        }
        Instant from = rest != null && rest.isAfter(now) ? schedule.settledAt(rest.minusMillis(1)) : now;
        Optional<Instant> next = schedule.nextAfter(from);
        while (next.isPresent() && progress.claimed().contains(next.get())) {
            next = schedule.nextAfter(next.get());
        }
        return next;
    }

    /** When the collection runs next by its schedule, quiet times heeded; empty when it does not. */
    public static Optional<Instant> nextRunAt(Rules rules, Progress progress, Instant now) {
        Optional<Instant> held = new Decider(rules, progress, now).held();
        if (held.isPresent()) {
            return held;
        }
        Optional<Instant> next = nextSlot(rules.schedule(), progress, now);
        for (int i = 0; next.isPresent() && i < MOST_QUIET_TIMES; i++) {
            Instant slot = next.get();
            Optional<Quiet> quiet = rules.quiet().at(slot);
            if (quiet.isEmpty() || quiet.get().slots() == Slots.HOLD) {
                return servedAt(rules, progress, slot);
            }
            next = nextSlot(rules.schedule(), progress, quiet.get().until().minusMillis(1));
        }
        return Optional.empty();
    }

    /** As {@link #nextRunAt}, once there has been a run at {@code run}, and as if nothing else came between. */
    public static Optional<Instant> nextRunAfter(Rules rules, Instant run) {
        return nextRunAt(rules, Progress.settled(run), run);
    }

    /** When that slot, which has not been decided, will be; empty when it will be too late then. */
    private static Optional<Instant> servedAt(Rules rules, Progress progress, Instant slot) {
        Instant due = dueTime(rules, slot);
        Instant rest = progress.suspendedUntil();
        Instant served = rest != null && rest.isAfter(due) ? rest : due;
        Duration deadline = rules.policy().startDeadline();
        boolean late = deadline != null && due.plus(deadline).isBefore(served);
        return late ? Optional.empty() : Optional.of(served);
    }

    /**
     * Whether a run that has waited in the queue is to be given up instead of attempted, now that it has a permit. Nobody
     * may have looked at it since it was decided that it should wait.
     *
     * @param decidedAt when that was decided
     */
    public static Optional<GiveUp> afterQueue(Rules rules, ActiveRun run, Instant decidedAt, Instant now) {
        Instant latestStart = latestStart(rules, run);
        if (latestStart != null && latestStart.isBefore(now)) {
            return Optional.of(new GiveUp(run.id(), tooLate(run)));
        }
        boolean overtaken = run.attempt() > 0
                && rules.schedule()
                        .nextAfter(decidedAt)
                        .filter(slot -> !slot.isAfter(now))
                        .isPresent();
        return overtaken ? Optional.of(new GiveUp(run.id(), null)) : Optional.empty();
    }

    /** The collection's state: what is stored, or {@code COMPLETED} when its schedule has nothing left to serve. */
    public static CollectionState state(Schedule schedule, Progress progress) {
        boolean followed = progress.state() == CollectionState.ACTIVE || progress.state() == CollectionState.SUSPENDED;
        boolean ended = followed
                && progress.active().isEmpty()
                && schedule.nextAfter(progress.decidedUntil()).isEmpty();
        return ended ? CollectionState.COMPLETED : progress.state();
    }

    private Decision decide() {
        Optional<SlotRange> due = due(rules, progress, now);
        for (ActiveRun run : progress.active()) {
            Optional<Decision> decision = aboutUnfinished(run, due.isPresent());
            if (decision.isPresent()) {
                return decision.get();
            }
        }
        if (due.isPresent()) {
            return aboutDue(due.get());
        }
        if (startWanted()) {
            return new Start(RunKind.START, null, null);
        }
        return waitForNext();
    }

    /**
     * Slots up to the last decided one were decided under a clock that ran ahead. Each is served again only when it comes
     * by the right clock and has no run, or at the end of the quiet time that holds it, so the rhythm neither stands
     * still nor doubles.
     */
    private static Optional<SlotRange> dueAfterClockWentBack(Rules rules, Instant latest, Instant now) {
        return punctual(dueTime(rules, latest), now) ? Optional.of(SlotRange.of(latest)) : Optional.empty();
    }

    /** Empty when it is to be left alone for the moment. */
    private Optional<Decision> aboutUnfinished(ActiveRun run, boolean slotDue) {
        if (run.stage() == Stage.ATTEMPTED) {
            return Optional.empty();
        }
        Instant latestStart = latestStart(run);
        if (latestStart != null && latestStart.isBefore(now)) {
            return Optional.of(new GiveUp(run.id(), tooLate(run)));
        }
        Instant next = run.nextAttemptAt();
        boolean further = next != null || run.attempt() > 0;
        boolean overtaken = slotDue && run.stage() != Stage.OFFERED;
        if (further && (overtaken || !attemptsFollow())) {
            return Optional.of(new GiveUp(run.id(), null));
        }
        if (next == null) {
            return Optional.empty();
        }
        if (latestStart != null && latestStart.isBefore(next)) {
            return Optional.of(new GiveUp(run.id(), tooLate(run)));
        }
        return next.isAfter(now) ? Optional.empty() : Optional.of(new StartAttempt(run.id()));
    }

    private static SkipReason tooLate(ActiveRun run) {
        return run.hasSlot() ? SkipReason.START_DEADLINE : SkipReason.QUEUE_TIMEOUT;
    }

    private @Nullable Instant latestStart(ActiveRun run) {
        return latestStart(rules, run);
    }

    /** After that no attempt of it may start; null for no limit. */
    private static @Nullable Instant latestStart(Rules rules, ActiveRun run) {
        if (run.hasSlot()) {
            Duration deadline = rules.policy().startDeadline();
            return deadline == null ? null : dueTime(rules, run.dueAt()).plus(deadline);
        }
        Duration timeout = rules.policy().queueTimeout();
        boolean limited = run.kind() == RunKind.DEMAND && run.attempt() == 0 && timeout != null;
        return limited ? run.dueAt().plus(timeout) : null;
    }

    /** What an operator or the failure policy has stopped is still brought to its end. */
    private boolean attemptsFollow() {
        return switch (progress.state()) {
            case ACTIVE, PAUSED, SUSPENDED -> true;
            case DISABLED, COMPLETED, RETIRED, QUARANTINED -> false;
        };
    }

    private Decision aboutDue(SlotRange due) {
        Optional<SlotRange> servable = servable(due);
        if (servable.isEmpty()) {
            return new Skip(due, SkipReason.QUIET);
        }
        Optional<Instant> held = heldUntil(due);
        return held.isPresent()
                ? waitUntilEarliest(
                        earlier(nextSlot(rules.schedule(), progress, now).orElse(null), held.get()))
                : serve(servable.get());
    }

    /**
     * Up to the latest slot that no quiet time swallowed; empty when each lies in one. Those behind it are no missed ones:
     * they are skipped after the others are served.
     */
    private Optional<SlotRange> servable(SlotRange due) {
        Optional<SlotRange> servable = Optional.of(due);
        while (servable.isPresent()) {
            SlotRange range = servable.get();
            Optional<Quiet> quiet = rules.quiet().at(range.last()).filter(found -> found.slots() == Slots.SKIP);
            if (quiet.isEmpty()) {
                return servable;
            }
            servable = upTo(range, quiet.get().from().minusMillis(1));
        }
        return Optional.empty();
    }

    /** The end of the quiet time that slots which are due wait for, be it for its sake or because they are late. */
    private Optional<Instant> heldUntil(SlotRange due) {
        Optional<Quiet> quietNow = rules.quiet().at(now);
        if (quietNow.isEmpty()) {
            return Optional.empty();
        }
        boolean begunBefore = due.count() == 1 && punctual(due.last(), now) && !isIn(due.last(), quietNow.get());
        return begunBefore ? Optional.empty() : Optional.of(quietNow.get().until());
    }

    /** When the slots that are due and wait for the end of a quiet time are served; empty when there are none. */
    private Optional<Instant> held() {
        return due(rules, progress, now)
                .filter(due -> servable(due).isPresent())
                .flatMap(this::heldUntil);
    }

    private Decision serve(SlotRange due) {
        if (progress.active().size() + progress.stuck() >= rules.policy().maxOverlap()) {
            boolean full = progress.active().size() >= rules.policy().maxOverlap();
            return new Skip(due, full ? SkipReason.OVERLAP : SkipReason.STUCK);
        }
        Instant dueTime = dueTime(rules, due.last());
        Duration deadline = rules.policy().startDeadline();
        if (deadline != null && dueTime.plus(deadline).isBefore(now)) {
            return new Skip(due, SkipReason.START_DEADLINE);
        }
        boolean punctual = punctual(dueTime, now);
        if (due.count() == 1 && punctual) {
            return tooClose(due.last())
                    ? new Skip(due, SkipReason.MINIMUM_INTERVAL)
                    : new Start(RunKind.SCHEDULE, due.last(), null);
        }
        return switch (rules.policy().missedRuns()) {
            case RUN_ONCE -> new Start(RunKind.CATCH_UP, due.last(), due);
            case SKIP ->
                new Skip(punctual ? upTo(due, due.last().minusMillis(1)).orElseThrow() : due, SkipReason.MISSED);
        };
    }

    /** To one before it that is not itself too close. The schedule's own rhythm is wide enough, daylight saving aside. */
    private boolean tooClose(Instant slot) {
        Optional<Instant> before = rules.schedule().latestUntil(slot.minusMillis(1));
        while (before.isPresent() && before.get().plus(rules.minimumInterval()).isAfter(slot)) {
            if (!tooClose(before.get())) {
                return true;
            }
            before = rules.schedule().latestUntil(before.get().minusMillis(1));
        }
        return false;
    }

    /** When a slot is due: at the end of the quiet time that holds it. */
    private static Instant dueTime(Rules rules, Instant slot) {
        return rules.quiet()
                .at(slot)
                .filter(quiet -> quiet.slots() == Slots.HOLD)
                .map(Quiet::until)
                .orElse(slot);
    }

    private Optional<SlotRange> upTo(SlotRange range, Instant until) {
        if (until.isBefore(range.first())) {
            return Optional.empty();
        }
        Schedule schedule = rules.schedule();
        Instant last = schedule.latestUntil(until).orElse(range.first());
        return Optional.of(
                new SlotRange(range.first(), last, schedule.count(range.first().minusMillis(1), last)));
    }

    private boolean startWanted() {
        Instant last = progress.lastStartedAt();
        return progress.startPending()
                && progress.state() == CollectionState.ACTIVE
                && progress.active().isEmpty()
                && progress.stuck() == 0
                && rules.quiet().at(now).isEmpty()
                && switch (rules.runOnStart()) {
                    case NEVER -> false;
                    case IF_NEVER_RUN -> last == null;
                    case ALWAYS ->
                        last == null || !last.plus(rules.minimumInterval()).isAfter(now);
                };
    }

    private Decision waitForNext() {
        Instant rest = progress.suspendedUntil();
        return waitUntilEarliest(nextSlot(rules.schedule(), progress, now)
                .map(slot -> rest != null && rest.isAfter(slot) ? rest : slot)
                .orElse(null));
    }

    /** Until that instant, or until an unfinished run needs something before it. */
    private Decision waitUntilEarliest(@Nullable Instant at) {
        Instant earliest = at;
        for (ActiveRun run : progress.active()) {
            Instant needed = needsDecision(run);
            earliest = needed == null ? earliest : earlier(earliest, needed);
        }
        return earliest == null ? new WaitForChange() : new WaitUntil(earliest);
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    private @Nullable Instant needsDecision(ActiveRun run) {
        if (run.nextAttemptAt() != null) {
            return run.nextAttemptAt();
        }
        Instant latestStart = run.stage() == Stage.QUEUED ? latestStart(run) : null;
        return latestStart == null ? null : latestStart.plusMillis(1);
    }

    private static boolean isIn(Instant slot, Quiet quiet) {
        return !slot.isBefore(quiet.from()) && slot.isBefore(quiet.until());
    }

    private static boolean punctual(Instant due, Instant now) {
        return !due.plus(PUNCTUAL).isBefore(now);
    }
}
