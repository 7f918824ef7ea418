package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.collectionscheduler.schedule.Decision.WaitUntil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided about time alone: due and missed slots, retries, starts of the service, and clocks that move. */
class DeciderTests extends DecidedCollection {

    @ParameterizedTest
    @CsvSource({
        // idle and nothing due
        "03:00, wait until 04:00",
        "03:00:00.001, wait until 04:00",
        "03:59:59.999, wait until 04:00",
        // one slot, punctual up to and including 60 s
        "04:00, SCHEDULE 04:00",
        "04:00:30, SCHEDULE 04:00",
        "04:01:00, SCHEDULE 04:00",
        // one slot, late
        "04:01:00.001, CATCH_UP 04:00 for 1 since 04:00",
        "04:59:59.999, CATCH_UP 04:00 for 1 since 04:00",
        // several slots, the last of them punctual or not
        "05:00, CATCH_UP 05:00 for 2 since 04:00",
        "05:30, CATCH_UP 05:00 for 2 since 04:00",
        "23:59, CATCH_UP 23:00 for 20 since 04:00"
    })
    void missedSlotsBecomeOneRun(String now, String expected) {
        assertThat(decide(now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "03:59:59.999, wait until 04:00",
        "04:00, SCHEDULE 04:00",
        "04:01:00, SCHEDULE 04:00",
        "04:01:00.001, skip 1 from 04:00 to 04:00 MISSED",
        // the last slot is punctual: it is not missed, and is served by the next decision
        "05:00, skip 1 from 04:00 to 04:00 MISSED",
        "06:00:30, skip 2 from 04:00 to 05:00 MISSED",
        "06:01:00.001, skip 3 from 04:00 to 06:00 MISSED"
    })
    void missedSlotsAreSkippedWhereThatIsWanted(String now, String expected) {
        rules = TestRules.of(HOURLY, MissedRuns.SKIP, RunOnStart.NEVER);
        assertThat(decide(now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "03:30, wait until 04:00",
        "04:00, skip 1 from 04:00 to 04:00 OVERLAP",
        "04:30, skip 1 from 04:00 to 04:00 OVERLAP",
        "06:00, skip 3 from 04:00 to 06:00 OVERLAP"
    })
    void slotsThatComeDuringARunAreSkipped(String now, String expected) {
        active = List.of(attempted());
        assertThat(decide(now)).isEqualTo(expected);
        rules = TestRules.of(HOURLY, MissedRuns.SKIP, RunOnStart.NEVER);
        assertThat(decide(now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "03:30, wait until 04:00",
        "04:00, skip 1 from 04:00 to 04:00 STUCK",
        "06:00, skip 3 from 04:00 to 06:00 STUCK"
    })
    void slotsThatComeWhileAnAttemptIsStuckAreSkipped(String now, String expected) {
        stuck = 1;
        assertThat(decide(now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // next attempt, now, decision
        "03:20, 03:19:59.999, wait until 03:20",
        "03:20, 03:20, next attempt",
        "03:20, 03:59:59.999, next attempt",
        // once the next slot has come it is too late, even for an attempt that was due before
        "03:20, 04:00, give up",
        "03:20, 09:00, give up",
        // an attempt that would come after the next slot never will
        "04:20, 03:30, wait until 04:00",
        "04:00, 03:30, wait until 04:00"
    })
    void aRetryIsMadeUntilTheNextSlotComes(String nextAttemptAt, String now, String expected) {
        active = List.of(resting(nextAttemptAt));
        assertThat(decide(now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE, 03:19, wait until 03:20",
        "ACTIVE, 03:20, next attempt",
        "PAUSED, 03:19, wait until 03:20",
        "PAUSED, 03:20, next attempt",
        "PAUSED, 09:00, next attempt",
        "DISABLED, 03:19, give up",
        "SUSPENDED, 03:19, wait until 03:20",
        "SUSPENDED, 03:20, next attempt",
        "SUSPENDED, 09:00, next attempt",
        "COMPLETED, 03:19, give up",
        "RETIRED, 03:19, give up",
        "QUARANTINED, 03:19, give up"
    })
    void anUnfinishedRunEndsWithTheCollectionButNotWithAPause(CollectionState state, String now, String expected) {
        this.state = state;
        suspendedUntil = state == CollectionState.SUSPENDED ? at("23:30") : null;
        active = List.of(resting("03:20"));
        assertThat(decide(now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"ACTIVE", "SUSPENDED"})
    void noScheduleIsFollowedUnlessActiveOrResting(CollectionState state) {
        this.state = state;
        startPending = true;
        lastStartedAt = null;
        rules = TestRules.of(HOURLY, MissedRuns.RUN_ONCE, RunOnStart.ALWAYS);
        for (List<ActiveRun> any : List.of(List.<ActiveRun>of(), List.of(attempted()))) {
            active = any;
            for (String now : List.of("03:00", "03:30", "04:00", "09:00")) {
                assertThat(decide(now)).as(state + " " + any + " " + now).isEqualTo("wait for change");
                assertThat(Decider.due(rules, progress(), at(now))).isEmpty();
                assertThat(Decider.nextRunAt(rules, progress(), at(now))).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NEVER, , wait until 04:00",
        "NEVER, 01:00, wait until 04:00",
        "IF_NEVER_RUN, , START",
        "IF_NEVER_RUN, 01:00, wait until 04:00",
        "ALWAYS, , START",
        "ALWAYS, 01:00, START",
        // not sooner than the minimum interval, which is 30 minutes, after the last start
        "ALWAYS, 03:00, START",
        "ALWAYS, 03:00:00.001, wait until 04:00",
        "ALWAYS, 03:29, wait until 04:00",
        // the clock has gone back since
        "ALWAYS, 09:00, wait until 04:00",
        "IF_NEVER_RUN, 09:00, wait until 04:00"
    })
    void theStartOfTheServiceIsAReasonToRun(RunOnStart runOnStart, @Nullable String lastStart, String expected) {
        rules = TestRules.of(HOURLY, MissedRuns.RUN_ONCE, runOnStart);
        lastStartedAt = lastStart == null ? null : at(lastStart);
        startPending = true;
        assertThat(decide("03:30")).isEqualTo(expected);
        startPending = false;
        assertThat(decide("03:30")).isEqualTo("wait until 04:00");
    }

    @Test
    void theStartIsDroppedWhenASlotIsDue() {
        rules = TestRules.of(HOURLY, MissedRuns.RUN_ONCE, RunOnStart.ALWAYS);
        startPending = true;
        assertThat(decide("04:00")).isEqualTo("SCHEDULE 04:00");
        assertThat(decide("06:30")).isEqualTo("CATCH_UP 06:00 for 3 since 04:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"busy", "stuck", "retrying"})
    void theStartIsNoReasonWhileSomethingIsGoingOn(String what) {
        rules = TestRules.of(HOURLY, MissedRuns.RUN_ONCE, RunOnStart.ALWAYS);
        startPending = true;
        lastStartedAt = null;
        switch (what) {
            case "busy" -> active = List.of(attempted());
            case "stuck" -> stuck = 1;
            default -> active = List.of(resting("03:50"));
        }
        assertThat(decide("03:30")).startsWith("wait until 0");
    }

    @ParameterizedTest
    @CsvSource({
        // decided until, claimed, now, decision
        // the first slot of a collection that was registered at midnight
        "23:59:59.999 the day before, , 00:00, SCHEDULE 00:00",
        // a run of the slot exists although the row does not say so
        "03:00, 03:00 04:00, 04:00, wait until 05:00",
        "03:00, 03:00 04:00, 05:00, SCHEDULE 05:00",
        "03:00, 03:00 04:00, 06:00, CATCH_UP 06:00 for 2 since 05:00",
        "03:00, 03:00 04:00 05:00, 03:30, wait until 06:00",
        "03:00, 03:00 05:00, 03:30, wait until 04:00",
        "03:00, 03:00 05:00, 04:00, SCHEDULE 04:00"
    })
    void aClaimedSlotIsNotServedAgain(String decided, @Nullable String claims, String now, String expected) {
        decidedUntil = decided.endsWith("before") ? at("00:00").minusMillis(1) : at(decided);
        claimed = claims == null
                ? List.of()
                : Arrays.stream(claims.split(" ")).map(DecidedCollection::at).toList();
        assertThat(decide(now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // The clock ran ahead to 09:00, served 09:00 for everything since 04:00, and went back.
        "03:00:30, wait until 04:00",
        "03:30, wait until 04:00",
        "03:59:59.999, wait until 04:00",
        "04:00, SCHEDULE 04:00",
        "04:01:00, SCHEDULE 04:00",
        "04:01:00.001, wait until 05:00",
        "06:30, wait until 07:00",
        "08:30, wait until 10:00",
        "09:00, wait until 10:00",
        "09:30, wait until 10:00",
        "10:00, SCHEDULE 10:00",
        "11:00, CATCH_UP 11:00 for 2 since 10:00"
    })
    void afterTheClockWentBackSlotsAreNeitherDoubledNorFrozen(String now, String expected) {
        decidedUntil = at("09:00");
        claimed = List.of(at("03:00"), at("09:00"));
        assertThat(decide(now)).isEqualTo(expected);
        rules = TestRules.of(HOURLY, MissedRuns.SKIP, RunOnStart.NEVER);
        assertThat(decide(now)).isEqualTo(expected.replaceFirst("CATCH_UP.*", "skip 1 from 10:00 to 10:00 MISSED"));
    }

    @Test
    void aSlotThatComesAgainDuringARunIsSkipped() {
        decidedUntil = at("09:00");
        active = List.of(attempted());
        assertThat(decide("04:00")).isEqualTo("skip 1 from 04:00 to 04:00 OVERLAP");
        active = List.of(resting("03:50"));
        assertThat(decide("04:00")).isEqualTo("give up");
    }

    @Test
    void aClockThatWasAheadAtRegistrationDoesNotFreezeTheRhythm() {
        rules = TestRules.of(
                new IntervalSchedule(at("09:00"), Duration.ofMinutes(10), Duration.ofHours(1)),
                MissedRuns.RUN_ONCE,
                RunOnStart.NEVER);
        decidedUntil = at("09:00").minusMillis(1);
        claimed = List.of();
        assertThat(decide("03:00")).isEqualTo("wait until 03:10");
        assertThat(decide("03:10")).isEqualTo("SCHEDULE 03:10");
    }

    @Test
    void dueNamesEverySlotThatIsNotSettled() {
        assertThat(Decider.due(rules, progress(), at("03:59"))).isEmpty();
        assertThat(Decider.due(rules, progress(), at("04:00"))).contains(SlotRange.of(at("04:00")));
        assertThat(Decider.due(rules, progress(), at("07:59"))).contains(new SlotRange(at("04:00"), at("07:00"), 4));
    }

    @Test
    void theYearAheadIsWaitedForLikeAnyOtherTime() {
        Schedule yearly = new IntervalSchedule(at("00:00"), Duration.ZERO, Duration.ofDays(365));
        rules = TestRules.of(yearly, MissedRuns.RUN_ONCE, RunOnStart.NEVER);
        decidedUntil = at("00:00");
        claimed = List.of(at("00:00"));
        assertThat(Decider.decide(rules, progress(), at("00:00").plusMillis(1)))
                .isEqualTo(new WaitUntil(at("00:00").plus(Duration.ofDays(365))));
    }

    @Test
    void progressDoesNotChangeWithTheSetItWasMadeFrom() {
        TreeSet<Instant> slots = new TreeSet<>(claimed);
        Progress progress =
                new Progress(state, suspendedUntil, decidedUntil, slots, lastStartedAt, startPending, active, stuck);
        slots.clear();
        assertThat(progress.claimed()).containsExactly(at("03:00"));
    }
}
