package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.QuietTimes.Quiet;
import org.collectionscheduler.schedule.QuietTimes.Slots;
import org.collectionscheduler.schedule.RunKind;
import org.jspecify.annotations.Nullable;

/**
 * What one collection must do: slow, and simple enough to be right. It walks from slot to slot, remembers those that came
 * while the schedule was followed, and strikes each off when a run accounts for it.
 */
final class ModelCollection {

    private static final Duration PUNCTUAL = Duration.ofSeconds(60);
    private static final int STRIDE = 100;

    final String name;
    TestRuns.Spec spec;
    boolean declared = true;
    boolean enabled = true;
    boolean paused;

    @Nullable Instant restsUntil;

    long failuresInARow;
    private final Instant anchor;
    private final NavigableSet<Instant> open = new TreeSet<>();

    /** The latest time that the clock has ever shown; slots up to {@code blurred} have come more than once. */
    private Instant latest;

    private Instant blurred = Instant.MIN;
    private Instant excusedUntil;

    ModelCollection(String name, TestRuns.Spec spec, Instant now) {
        this.name = name;
        this.spec = spec;
        this.anchor = now;
        this.latest = now;
        this.excusedUntil = now.minusMillis(1);
        if (spec.offset.isZero()) {
            open.add(now);
        }
    }

    /** Whether slots at that instant are served. */
    boolean followed(Instant at) {
        return declared && enabled && !paused && !rests(at);
    }

    /** No rest lasts longer than the longest: a clock that went back ends it. */
    private boolean rests(Instant at) {
        Instant until = restsUntil;
        return until != null && at.isBefore(until) && !until.isAfter(at.plus(spec.suspension.longest()));
    }

    CollectionState state(Instant now) {
        if (!declared) {
            return CollectionState.RETIRED;
        }
        if (!enabled) {
            return CollectionState.DISABLED;
        }
        return paused
                ? CollectionState.PAUSED
                : restsUntil == null ? CollectionState.ACTIVE : CollectionState.SUSPENDED;
    }

    /** The clock shows a later time. */
    void timePasses(Instant now) {
        for (Instant slot : slots(latest, now)) {
            if (followed(slot)) {
                open.add(slot);
            }
        }
        latest = now.isAfter(latest) ? now : latest;
    }

    void clockGoesBack() {
        blurred = latest;
        open.clear();
    }

    /** Nothing up to now is owed any more. */
    void excuse(Instant now) {
        open.removeIf(slot -> !slot.isAfter(now));
        excusedUntil = now;
    }

    /** Nothing that came during a rest is owed; what a later change has excused remains so. */
    private void recover(Instant rested, Instant now) {
        Instant before = excusedUntil;
        excuse(rested.isBefore(now) ? rested : now);
        if (before.isAfter(excusedUntil) && !before.isAfter(now)) {
            excusedUntil = before;
        }
    }

    void changeRhythm(TestRuns.Spec changed, Instant now) {
        boolean settles = !changed.interval.equals(spec.interval) || !changed.offset.equals(spec.offset);
        spec = changed;
        if (settles) {
            excuse(now);
        }
    }

    /** A run of it has finished. */
    void finished(RunOutcome outcome, Instant now) {
        if (outcome == RunOutcome.SUCCEEDED) {
            failuresInARow = 0;
            if (restsUntil != null) {
                recover(restsUntil.minusMillis(1), now);
                restsUntil = null;
            }
        } else if (outcome.isFailure()) {
            failuresInARow++;
            if (declared && spec.suspension.after() > 0 && failuresInARow >= spec.suspension.after()) {
                Duration rest = spec.suspension.first();
                for (long more = spec.suspension.after(); more < failuresInARow; more++) {
                    Duration twice = rest.multipliedBy(2);
                    rest = twice.compareTo(spec.suspension.longest()) > 0 ? spec.suspension.longest() : twice;
                }
                restsUntil = now.plus(rest);
                open.removeIf(slot -> slot.isBefore(now.plus(spec.suspension.first())));
            }
        }
    }

    /** A row has appeared. */
    void recorded(Run run, int unfinished, Instant now) {
        if (run.kind() == RunKind.DEMAND) {
            return;
        }
        assertThat(declared && enabled && !paused && !rests(now))
                .as("%s is followed at %s: %s", name, now, run)
                .isTrue();
        Instant last = Objects.requireNonNull(run.scheduledAt());
        Instant first = run.missedFrom() == null ? last : run.missedFrom();
        NavigableSet<Instant> accounted = slots(first.minusMillis(1), last);
        assertThat((long) accounted.size()).isEqualTo(run.missedCount() == null ? 1 : run.missedCount());
        assertThat(accounted.last()).isEqualTo(last);
        NavigableSet<Instant> clear = accounted.tailSet(blurred, false);
        assertThat(open.headSet(last, true)).as("%s at %s: %s", name, now, run).isEqualTo(clear);
        open.removeAll(accounted);
        if (run.outcome() == RunOutcome.SKIPPED) {
            recordedSkip(run, accounted, unfinished, now);
        } else {
            recordedStart(run, last, unfinished, now);
        }
    }

    private void recordedStart(Run run, Instant slot, int unfinished, Instant now) {
        assertThat(unfinished).as("overlap of %s at %s", name, now).isLessThanOrEqualTo(spec.maxOverlap);
        boolean punctual = !dueTime(slot).plus(PUNCTUAL).isBefore(now);
        Optional<Quiet> quiet = spec.quiet.at(now);
        assertThat(quiet.isEmpty() || punctual && slot.isBefore(quiet.get().from()))
                .as("%s starts in a quiet time at %s: %s", name, now, run)
                .isTrue();
        assertThat(isSwallowed(slot)).isFalse();
        assertThat(mayStart(run, now))
                .as("%s in time at %s: %s", name, now, run)
                .isTrue();
        if (run.kind() == RunKind.CATCH_UP) {
            assertThat(spec.missedRuns).isEqualTo(MissedRuns.RUN_ONCE);
            assertThat(!punctual || Objects.requireNonNull(run.missedCount()) > 1)
                    .isTrue();
        } else {
            assertThat(run.kind()).isEqualTo(RunKind.SCHEDULE);
            assertThat(punctual).isTrue();
        }
    }

    private void recordedSkip(Run run, NavigableSet<Instant> slots, int unfinished, Instant now) {
        switch (String.valueOf(run.reason())) {
            case "overlap" -> assertThat(unfinished).isGreaterThanOrEqualTo(spec.maxOverlap);
            case "quiet" -> assertThat(slots).allMatch(this::isSwallowed);
            case "missed" -> {
                assertThat(spec.missedRuns).isEqualTo(MissedRuns.SKIP);
                assertThat(slots.size() > 1
                                || dueTime(slots.last()).plus(PUNCTUAL).isBefore(now)
                                || comesBeforeAnother(slots.last(), now))
                        .isTrue();
            }
            case "start-deadline" ->
                assertThat(dueTime(slots.last()).plus(Objects.requireNonNull(spec.startDeadline)))
                        .isBefore(now);
            default -> throw new AssertionError("no rule of this collection leads to " + run);
        }
    }

    /** Of slots that come by a clock which had gone back, none is open. */
    private boolean comesBeforeAnother(Instant slot, Instant now) {
        return !open.isEmpty()
                || !slots(slot, blurred.isBefore(now) ? blurred : now).isEmpty();
    }

    /** Whether an attempt of the run may start. */
    boolean mayStart(Run run, Instant now) {
        Duration deadline = run.kind() == RunKind.DEMAND ? spec.queueTimeout : spec.startDeadline;
        boolean limited = deadline != null && (run.kind() != RunKind.DEMAND || run.attempt() <= 1);
        return !limited || !now.isAfter(dueTime(run).plus(deadline));
    }

    private Instant dueTime(Run run) {
        return run.scheduledAt() == null ? run.createdAt() : dueTime(run.scheduledAt());
    }

    private Instant dueTime(Instant slot) {
        return spec.quiet
                .at(slot)
                .filter(quiet -> quiet.slots() == Slots.HOLD)
                .map(Quiet::until)
                .orElse(slot);
    }

    private boolean isSwallowed(Instant slot) {
        return spec.quiet.at(slot).filter(quiet -> quiet.slots() == Slots.SKIP).isPresent();
    }

    /** Everything that is due has been decided. */
    void assertNothingOwed(Instant now) {
        if (followed(now) && spec.quiet.at(now).isEmpty()) {
            assertThat(open).as("%s owes at %s", name, now).isEmpty();
        }
    }

    /** A slot that has just come and must have a row, whatever the clock did before. */
    Optional<Instant> mustBeRecorded(Instant now) {
        NavigableSet<Instant> recent = slots(now.minus(PUNCTUAL), now);
        return recent.isEmpty()
                        || !followed(now)
                        || spec.quiet.at(now).isPresent()
                        || restsUntil != null && recent.last().isBefore(restsUntil)
                        || !excusedUntil.isBefore(recent.last())
                ? Optional.empty()
                : Optional.of(recent.last());
    }

    /** Walks, in long strides to where slots are wanted; also to slots before the first one. */
    private NavigableSet<Instant> slots(Instant after, Instant until) {
        Duration stride = spec.interval.multipliedBy(STRIDE);
        NavigableSet<Instant> slots = new TreeSet<>();
        Instant slot = anchor.plus(spec.offset);
        while (slot.isAfter(after)) {
            slot = slot.minus(spec.interval);
        }
        while (slot.plus(stride).isBefore(after)) {
            slot = slot.plus(stride);
        }
        while (!slot.isAfter(until)) {
            if (slot.isAfter(after)) {
                slots.add(slot);
            }
            slot = slot.plus(spec.interval);
        }
        return slots;
    }

    /** From two to half past three each day. */
    static QuietTimes nightly(Slots slots) {
        return at -> {
            Instant day = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), 86_400L) * 86_400L);
            Quiet quiet = new Quiet(day.plus(Duration.ofHours(2)), day.plus(Duration.ofMinutes(210)), slots);
            boolean inside = !at.isBefore(quiet.from()) && at.isBefore(quiet.until());
            return inside ? Optional.of(quiet) : Optional.empty();
        };
    }
}
