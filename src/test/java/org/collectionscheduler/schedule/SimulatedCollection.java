package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.collectionscheduler.schedule.ActiveRun.Stage;
import org.collectionscheduler.schedule.Decision.GiveUp;
import org.collectionscheduler.schedule.Decision.Skip;
import org.collectionscheduler.schedule.Decision.Start;
import org.collectionscheduler.schedule.Decision.StartAttempt;
import org.collectionscheduler.schedule.Decision.WaitForChange;
import org.collectionscheduler.schedule.Decision.WaitUntil;
import org.jspecify.annotations.Nullable;

/**
 * A collection's life under decisions, and beside it a slow model that says what they must be: it keeps every slot that
 * has come as an element of a set, and takes it out when it is served, recorded or excused. Nothing is computed from
 * intervals.
 *
 * <p>Real time and what the wall clock shows are two things; the difference is {@code ahead}.
 */
final class SimulatedCollection {

    /** One run, or one record of slots passed over. */
    record Entry(
            RunKind kind,
            @Nullable Instant slot,
            @Nullable SlotRange range,
            @Nullable SkipReason skipped,
            Instant at) {}

    /** How runs behave. */
    record Behaviour(Duration longestRun, double failing, double sticking) {
        static final Behaviour QUICK = new Behaviour(Duration.ofMinutes(2), 0, 0);
    }

    private record Unfinished(int attempts, boolean running, Instant endsAtReal, Instant nextAttemptAt) {}

    private static final int MOST_DECISIONS = 100;
    private static final Duration HORIZON = Duration.ofDays(40);

    final List<Entry> entries = new ArrayList<>();

    private final Random random;
    private final Behaviour behaviour;
    private final NavigableSet<Instant> claimed = new TreeSet<>();

    // What is stored, as the repositories keep it.
    private Rules rules;
    private CollectionState state = CollectionState.ACTIVE;
    private Instant settledUntil;
    private @Nullable Instant lastDecided;
    private @Nullable Instant lastStartedAt;
    private boolean startPending;
    private @Nullable Unfinished run;
    private Instant stuckUntilReal = Instant.MIN;

    // The model.
    private final NavigableSet<Instant> allSlots = new TreeSet<>();
    private final NavigableSet<Instant> unsettled = new TreeSet<>();
    private final NavigableSet<Instant> settledOnce = new TreeSet<>();
    private Instant latestEver;
    private boolean wentBack;

    private Instant real;
    private Duration ahead = Duration.ZERO;
    private Instant wakeAtReal = Instant.MAX;

    SimulatedCollection(Instant registeredAt, Rules rules, Behaviour behaviour, Random random) {
        this.random = random;
        this.behaviour = behaviour;
        this.real = registeredAt;
        this.latestEver = registeredAt;
        this.settledUntil = registeredAt.minusMillis(1);
        this.rules = rules;
        startPending = true;
        installSlots();
        if (allSlots.contains(registeredAt)) {
            unsettled.add(registeredAt);
        }
    }

    Instant wall() {
        return real.plus(ahead);
    }

    /** The service runs for that long. */
    void live(Duration time) {
        Instant until = real.plus(time);
        wake();
        while (real.isBefore(until)) {
            Instant next = earliest(until, wakeAtReal, runEndsAtReal(), stuckEndsAtReal());
            pass(next);
            endAttemptWhenDue();
            if (next.isBefore(until) || !wakeAtReal.isAfter(until)) {
                wake();
            }
        }
    }

    /** The machine is suspended for that long and then goes on where it was; the timers are set anew. */
    void sleep(Duration time) {
        Unfinished before = run;
        pass(real.plus(time));
        if (before != null && before.running()) {
            run = new Unfinished(before.attempts(), true, before.endsAtReal().plus(time), before.nextAttemptAt());
        }
        wake();
    }

    /** The wall clock is stepped by that much; the timers are set anew. */
    void step(Duration by) {
        Instant before = wall();
        ahead = ahead.plus(by);
        if (by.isNegative()) {
            wentBack = true;
        } else {
            slotsCame(before, wall());
        }
        wake();
    }

    /** The process ends, that time passes, and it starts again with what is given. */
    void restart(Duration down, Rules newRules, boolean enabled) {
        pass(real.plus(down));
        if (run != null && run.running()) {
            run = new Unfinished(run.attempts(), false, real, wall());
        }
        stuckUntilReal = Instant.MIN;
        boolean changed = !newRules.schedule().rhythm().equals(rules.schedule().rhythm());
        rules = newRules;
        installSlots();
        CollectionState declared = enabled ? CollectionState.ACTIVE : CollectionState.DISABLED;
        boolean resumed = state != CollectionState.ACTIVE && enabled;
        state = declared;
        if (changed || resumed) {
            settle();
        }
        startPending = true;
        wake();
    }

    void restart(Duration down) {
        restart(down, rules, state == CollectionState.ACTIVE);
    }

    void pause() {
        state = CollectionState.PAUSED;
        wake();
    }

    void resume() {
        state = CollectionState.ACTIVE;
        settle();
        wake();
    }

    Rules rules() {
        return rules;
    }

    CollectionState state() {
        return state;
    }

    private void settle() {
        settledUntil = wall();
        settledOnce.addAll(unsettled);
        unsettled.clear();
    }

    private void installSlots() {
        allSlots.clear();
        IntervalSchedule schedule = (IntervalSchedule) rules.schedule();
        Instant first = schedule.anchor().plus(schedule.offset());
        Duration reach = schedule.interval().multipliedBy(3).plus(HORIZON);
        for (Instant slot = first; slot.isBefore(wall().plus(reach)); slot = slot.plus(schedule.interval())) {
            allSlots.add(slot);
        }
        Instant earlier = first.minus(schedule.interval());
        for (; earlier.isAfter(wall().minus(reach)); earlier = earlier.minus(schedule.interval())) {
            if (earlier.isBefore(schedule.anchor())) {
                allSlots.add(earlier);
            }
        }
    }

    private void pass(Instant until) {
        Instant before = wall();
        real = until;
        slotsCame(before, wall());
    }

    /** Slots that came under a clock that was ahead were settled then; they are looked at in {@link #assertNotFrozen}. */
    private void slotsCame(Instant after, Instant until) {
        Instant news = after.isAfter(latestEver) ? after : latestEver;
        if (until.isAfter(news)) {
            (state == CollectionState.ACTIVE ? unsettled : settledOnce)
                    .addAll(allSlots.subSet(news, false, until, true));
            latestEver = until;
        }
    }

    private void wake() {
        for (int i = 0; i < MOST_DECISIONS; i++) {
            Decision decision = Decider.decide(rules, progress(), wall());
            if (decision instanceof WaitUntil wait) {
                assertRightWait(wait.at());
                startPending = false;
                wakeAtReal = wait.at().minus(ahead).plusMillis(random.nextInt(5000));
                return;
            }
            if (decision instanceof WaitForChange) {
                assertThat(state).isNotEqualTo(CollectionState.ACTIVE);
                startPending = false;
                wakeAtReal = Instant.MAX;
                return;
            }
            apply(decision);
        }
        throw new AssertionError("no end of decisions at " + wall());
    }

    private void apply(Decision decision) {
        if (decision instanceof Start start) {
            assertRightStart(start);
            startRun(start);
        } else if (decision instanceof Skip skip) {
            assertRightSkip(skip);
            claim(skip.slots().last());
            settled(skip.slots());
            entries.add(new Entry(RunKind.SCHEDULE, skip.slots().last(), skip.slots(), skip.reason(), wall()));
        } else if (decision instanceof StartAttempt) {
            Unfinished waiting = waiting();
            assertThat(waiting.nextAttemptAt()).isBeforeOrEqualTo(wall());
            assertThat(unsettled).isEmpty();
            startAttempt(waiting.attempts() + 1);
        } else {
            assertThat(decision).isInstanceOf(GiveUp.class);
            waiting();
            if (!wentBack && (state == CollectionState.ACTIVE || state == CollectionState.PAUSED)) {
                assertThat(unsettled).isNotEmpty();
            }
            run = null;
        }
    }

    private Unfinished waiting() {
        Unfinished waiting = Objects.requireNonNull(run, "no unfinished run");
        assertThat(waiting.running()).isFalse();
        return waiting;
    }

    private void startRun(Start start) {
        assertThat(run).as("no overlap at " + wall()).isNull();
        Instant slot = start.slot();
        SlotRange missed = start.missed();
        if (slot != null) {
            claim(slot);
            settled(missed == null ? SlotRange.of(slot) : missed);
        }
        entries.add(new Entry(start.kind(), slot, missed, null, wall()));
        startPending = false;
        startAttempt(1);
    }

    private void startAttempt(int number) {
        lastStartedAt = wall();
        long longest = behaviour.longestRun().toMillis();
        run = new Unfinished(number, true, real.plusMillis(1 + random.nextLong(longest)), Instant.MIN);
    }

    private void endAttemptWhenDue() {
        if (run == null || !run.running() || run.endsAtReal().isAfter(real)) {
            return;
        }
        boolean retried = random.nextDouble() < behaviour.failing() && run.attempts() < 3;
        if (random.nextDouble() < behaviour.sticking()) {
            run = null;
            stuckUntilReal =
                    real.plusMillis(random.nextLong(behaviour.longestRun().toMillis() * 2) + 1);
        } else if (retried) {
            Instant next = wall().plusSeconds(1 + random.nextInt(3600));
            run = new Unfinished(run.attempts(), false, real, next);
        } else {
            run = null;
        }
    }

    private void claim(Instant slot) {
        assertThat(claimed.add(slot)).as("slot " + slot + " has a run already").isTrue();
        lastDecided = slot;
    }

    private void settled(SlotRange range) {
        NavigableSet<Instant> slots = allSlots.subSet(range.first(), true, range.last(), true);
        assertThat(slots).as("slots of " + range).hasSize((int) range.count());
        assertThat(List.of(slots.first(), slots.last())).containsExactly(range.first(), range.last());
        if (!wentBack) {
            assertThat(settledOnce).as("recorded, served or excused before").doesNotContainAnyElementsOf(slots);
        }
        settledOnce.addAll(slots);
        unsettled.removeAll(slots);
    }

    private void assertRightStart(Start start) {
        assertThat(state).isEqualTo(CollectionState.ACTIVE);
        assertThat(active()).isEmpty();
        assertThat(stuck()).isZero();
        Instant now = wall();
        switch (start.kind()) {
            case SCHEDULE -> {
                Instant slot = Objects.requireNonNull(start.slot());
                assertThat(start.missed()).isNull();
                assertThat(Duration.between(slot, now)).isBetween(Duration.ZERO, Decider.PUNCTUAL);
                assertUnsettledLieIn(SlotRange.of(slot));
            }
            case CATCH_UP -> {
                SlotRange missed = Objects.requireNonNull(start.missed());
                assertThat(rules.policy().missedRuns()).isEqualTo(MissedRuns.RUN_ONCE);
                assertThat(start.slot()).isEqualTo(missed.last());
                assertThat(missed.count() > 1 || isLate(missed.last())).isTrue();
                assertUnsettledLieIn(missed);
            }
            default -> {
                assertThat(start.kind()).isEqualTo(RunKind.START);
                assertThat(unsettled).isEmpty();
                assertThat(startPending).isTrue();
                assertThat(lastStartedAt == null
                                || rules.runOnStart() == RunOnStart.ALWAYS
                                        && !lastStartedAt
                                                .plus(rules.minimumInterval())
                                                .isAfter(now))
                        .isTrue();
            }
        }
    }

    private void assertRightSkip(Skip skip) {
        switch (skip.reason()) {
            case OVERLAP -> assertThat(active()).isNotEmpty();
            case STUCK -> assertThat(stuck()).isEqualTo(1);
            case MISSED -> {
                assertThat(rules.policy().missedRuns()).isEqualTo(MissedRuns.SKIP);
                assertThat(active()).isEmpty();
                assertThat(stuck()).isZero();
                if (!wentBack) {
                    NavigableSet<Instant> late = new TreeSet<>(unsettled);
                    late.removeIf(slot -> slot.equals(unsettled.last()) && !isLate(slot));
                    assertThat(rangeOf(late)).isEqualTo(skip.slots());
                }
                return;
            }
            default -> throw new AssertionError("no rule of this collection leads to " + skip.reason());
        }
        assertUnsettledLieIn(skip.slots());
    }

    /** Exactly the range, unless the clock went back: then slots that come again may lie in it too. */
    private void assertUnsettledLieIn(SlotRange range) {
        if (!wentBack) {
            assertThat(rangeOf(unsettled)).isEqualTo(range);
        } else if (!unsettled.isEmpty()) {
            assertThat(unsettled.first()).isAfterOrEqualTo(range.first());
            assertThat(unsettled.last()).isEqualTo(range.last());
        }
    }

    private void assertRightWait(Instant at) {
        assertThat(at).isAfter(wall());
        if (state != CollectionState.ACTIVE) {
            assertThat(at).isEqualTo(waiting().nextAttemptAt());
            return;
        }
        assertThat(unsettled).as("settled at " + wall()).isEmpty();
        Instant next = allSlots.tailSet(wall(), false).stream()
                .filter(slot -> !claimed.contains(slot))
                .findFirst()
                .orElseThrow();
        boolean retryFirst =
                run != null && !run.running() && run.nextAttemptAt().isBefore(next);
        assertThat(at).isEqualTo(retryFirst ? waiting().nextAttemptAt() : next);
        assertNotFrozen();
    }

    /** Whatever clock there was before: a slot that has just come has a run, or was excused under this very clock. */
    private void assertNotFrozen() {
        Instant latest = allSlots.floor(wall());
        if (latest != null && !isLate(latest)) {
            boolean excused = !settledUntil.isAfter(wall()) && !latest.isAfter(settledUntil);
            assertThat(claimed.contains(latest) || excused)
                    .as("slot " + latest + " came at " + wall() + " and has no run")
                    .isTrue();
        }
    }

    private boolean isLate(Instant slot) {
        return Duration.between(slot, wall()).compareTo(Duration.ofSeconds(60)) > 0;
    }

    private static @Nullable SlotRange rangeOf(NavigableSet<Instant> slots) {
        return slots.isEmpty() ? null : new SlotRange(slots.first(), slots.last(), slots.size());
    }

    private Progress progress() {
        Instant decidedUntil = lastDecided != null && lastDecided.isAfter(settledUntil) ? lastDecided : settledUntil;
        Instant latest = rules.schedule().latestUntil(wall()).orElse(wall());
        Instant from = latest.isBefore(decidedUntil) ? latest : decidedUntil;
        return new Progress(
                state, null, decidedUntil, claimed.tailSet(from, true), lastStartedAt, startPending, active(), stuck());
    }

    private List<ActiveRun> active() {
        if (run == null) {
            return List.of();
        }
        Stage stage = run.running() ? Stage.ATTEMPTED : Stage.RESTING;
        return List.of(new ActiveRun(
                "run", RunKind.SCHEDULE, wall(), run.attempts(), stage, run.running() ? null : run.nextAttemptAt()));
    }

    private int stuck() {
        return stuckUntilReal.isAfter(real) ? 1 : 0;
    }

    private Instant runEndsAtReal() {
        return run != null && run.running() ? run.endsAtReal() : Instant.MAX;
    }

    private Instant stuckEndsAtReal() {
        return stuckUntilReal.isAfter(real) ? stuckUntilReal : Instant.MAX;
    }

    private static Instant earliest(Instant... instants) {
        return List.of(instants).stream().min(Instant::compareTo).orElseThrow();
    }
}
