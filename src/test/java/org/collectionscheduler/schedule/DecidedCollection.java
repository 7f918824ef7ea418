package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.collectionscheduler.schedule.Decision.GiveUp;
import org.collectionscheduler.schedule.Decision.Skip;
import org.collectionscheduler.schedule.Decision.Start;
import org.collectionscheduler.schedule.Decision.StartAttempt;
import org.collectionscheduler.schedule.Decision.WaitForChange;
import org.collectionscheduler.schedule.Decision.WaitUntil;
import org.jspecify.annotations.Nullable;

/** One collection, hourly on the hour since midnight, decided about at some time of that day. */
abstract class DecidedCollection {

    static final Schedule HOURLY = new IntervalSchedule(at("00:00"), Duration.ZERO, Duration.ofHours(1));

    Rules rules = TestRules.of(HOURLY, MissedRuns.RUN_ONCE, RunOnStart.NEVER);
    CollectionState state = CollectionState.ACTIVE;
    Instant decidedUntil = at("03:00");
    List<Instant> claimed = List.of(at("03:00"));

    @Nullable Instant lastStartedAt = at("03:00");

    boolean startPending = false;

    @Nullable Instant suspendedUntil;

    List<ActiveRun> active = List.of();
    int stuck = 0;

    final String decide(String now) {
        Decision decision = Decider.decide(rules, progress(), at(now));
        assertThat(Decider.decide(rules, progress(), at(now))).isEqualTo(decision);
        return describe(decision);
    }

    final Progress progress() {
        return new Progress(
                state,
                suspendedUntil,
                decidedUntil,
                new TreeSet<>(claimed),
                lastStartedAt,
                startPending,
                active,
                stuck);
    }

    static String describe(Decision decision) {
        if (decision instanceof Start start) {
            SlotRange missed = start.missed();
            String slot = start.slot() == null ? "" : " " + time(start.slot());
            return start.kind()
                    + slot
                    + (missed == null ? "" : " for " + missed.count() + " since " + time(missed.first()));
        }
        if (decision instanceof Skip skip) {
            SlotRange slots = skip.slots();
            return "skip " + slots.count() + " from " + time(slots.first()) + " to " + time(slots.last()) + " "
                    + skip.reason();
        }
        if (decision instanceof WaitUntil wait) {
            return "wait until " + time(wait.at());
        }
        if (decision instanceof WaitForChange) {
            return "wait for change";
        }
        if (decision instanceof StartAttempt) {
            return "next attempt";
        }
        assertThat(decision).isInstanceOf(GiveUp.class);
        SkipReason tooLate = ((GiveUp) decision).tooLate();
        return "give up" + (tooLate == null ? "" : " " + tooLate);
    }

    static ActiveRun attempted() {
        return new ActiveRun("attempted", RunKind.SCHEDULE, at("03:00"), 1, ActiveRun.Stage.ATTEMPTED, null);
    }

    static ActiveRun resting(String nextAttemptAt) {
        return new ActiveRun("resting", RunKind.SCHEDULE, at("03:00"), 1, ActiveRun.Stage.RESTING, at(nextAttemptAt));
    }

    static Instant at(String time) {
        return Instant.parse("2026-03-01T" + (time.length() == 5 ? time + ":00" : time) + "Z");
    }

    static String time(Instant instant) {
        return instant.toString().replaceAll(".*T(.....)(:00Z)?", "$1");
    }
}
