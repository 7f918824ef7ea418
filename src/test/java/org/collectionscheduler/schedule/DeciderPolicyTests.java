package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.collectionscheduler.schedule.ActiveRun.Stage;
import org.collectionscheduler.schedule.QuietTimes.Slots;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the policies around a schedule add: deadlines, overlap, rests, quiet times, minimum intervals, and one slot alone. */
class DeciderPolicyTests extends DecidedCollection {

    private static final Duration HALF = Duration.ofMinutes(30);
    private static final Duration FIVE = Duration.ofMinutes(5);

    private Schedule schedule = HOURLY;
    private QuietTimes quiet = QuietTimes.NONE;
    private StartPolicy policy = policy(MissedRuns.RUN_ONCE, null, null, 1);

    @ParameterizedTest
    @CsvSource({
        // a slot
        "04:00, SCHEDULE 04:00",
        "04:01:00, SCHEDULE 04:00",
        "04:05:00, CATCH_UP 04:00 for 1 since 04:00",
        "04:05:00.001, skip 1 from 04:00 to 04:00 START_DEADLINE",
        "04:59, skip 1 from 04:00 to 04:00 START_DEADLINE",
        // the deadline of a catch-up is that of its last slot
        "06:00, CATCH_UP 06:00 for 3 since 04:00",
        "06:05:00, CATCH_UP 06:00 for 3 since 04:00",
        "06:05:00.001, skip 3 from 04:00 to 06:00 START_DEADLINE"
    })
    void nothingStartsPastItsDeadline(String now, String expected) {
        policy = policy(MissedRuns.RUN_ONCE, FIVE, null, 1);
        assertThat(decided(now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // next attempt, now, decision; the slot was 03:00 and its deadline is 03:05
        "03:04, 03:03, wait until 03:04",
        "03:04, 03:04, next attempt",
        "03:04, 03:05, next attempt",
        "03:04, 03:05:00.001, give up START_DEADLINE",
        "03:05, 03:03, wait until 03:05",
        // it would come too late: that is known now
        "03:05:00.001, 03:03, give up START_DEADLINE",
        "03:20, 03:03, give up START_DEADLINE",
        // too late in both ways
        "03:20, 04:00, give up START_DEADLINE"
    })
    void noAttemptIsMadePastTheDeadline(String nextAttemptAt, String now, String expected) {
        policy = policy(MissedRuns.RUN_ONCE, FIVE, null, 1);
        active = List.of(resting(nextAttemptAt));
        assertThat(decided(now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "SCHEDULE, 03:00, wait until 03:05",
        "SCHEDULE, 03:05, wait until 03:05",
        "SCHEDULE, 03:05:00.001, give up START_DEADLINE",
        "CATCH_UP, 03:05:00.001, give up START_DEADLINE",
        // 10 minutes
        "DEMAND, 03:05:00.001, wait until 03:10",
        "DEMAND, 03:10, wait until 03:10",
        "DEMAND, 03:10:00.001, give up QUEUE_TIMEOUT",
        "START, 03:30, wait until 04:00"
    })
    void whatWaitsForAPermitIsDroppedInTime(RunKind kind, String now, String expected) {
        policy = policy(MissedRuns.RUN_ONCE, FIVE, Duration.ofMinutes(10), 1);
        ActiveRun run = new ActiveRun("queued", kind, at("03:00"), 0, Stage.QUEUED, null);
        active = List.of(run);
        assertThat(decided(now)).startsWith(expected);
        boolean tooLate = expected.startsWith("give up");
        assertThat(afterQueue(run, "03:00", now)).isEqualTo(tooLate ? Optional.of(expected) : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        // decided to be attempted, now, decision; with a permit
        "03:30, 03:59:59.999, wait until 04:00, ",
        "03:30, 04:00, give up, give up",
        "03:30, 05:10, give up, give up",
        "04:00, 04:59:59.999, , ",
        "04:00, 05:00, , give up"
    })
    void aRetryThatWaitsForAPermitGivesWayToTheNextSlot(
            String decidedAt, String now, @Nullable String expected, @Nullable String withPermit) {
        ActiveRun retry = new ActiveRun("again", RunKind.SCHEDULE, at("03:00"), 1, Stage.QUEUED, null);
        active = List.of(retry);
        if (expected != null) {
            assertThat(decided(now)).isEqualTo(expected);
        }
        assertThat(afterQueue(retry, decidedAt, now)).isEqualTo(Optional.ofNullable(withPermit));
    }

    @Test
    void aRunThatWaitsForItsFirstPermitOutlastsTheNextSlot() {
        ActiveRun first = new ActiveRun("first", RunKind.SCHEDULE, at("03:00"), 0, Stage.QUEUED, null);
        active = List.of(first);
        assertThat(decided("04:00")).isEqualTo("skip 1 from 04:00 to 04:00 OVERLAP");
        assertThat(afterQueue(first, "03:00", "04:30")).isEmpty();
    }

    @Test
    void aRunThatWaitsForItsFirstPermitInAnotherProcessOutlastsTheNextSlotLikewise() {
        active = List.of(new ActiveRun("first", RunKind.SCHEDULE, at("03:00"), 0, Stage.OFFERED, at("03:00")));
        assertThat(decided("04:00")).isEqualTo("next attempt");
        policy = policy(MissedRuns.RUN_ONCE, FIVE, FIVE, 1);
        assertThat(decided("04:00")).isEqualTo("give up START_DEADLINE");
        active = List.of(new ActiveRun("first", RunKind.SCHEDULE, at("03:00"), 0, Stage.RESTING, at("03:00")));
        policy = policy(MissedRuns.RUN_ONCE, null, null, 1);
        assertThat(decided("04:00")).as("claimed by a process that died").isEqualTo("give up");
    }

    @Test
    void aDemandThatHasBegunHasNoTimeInTheQueue() {
        policy = policy(MissedRuns.RUN_ONCE, FIVE, FIVE, 1);
        active = List.of(new ActiveRun("again", RunKind.DEMAND, at("03:00"), 1, Stage.RESTING, at("03:40")));
        assertThat(decided("03:30")).isEqualTo("wait until 03:40");
        assertThat(decided("03:40")).isEqualTo("next attempt");
        active = List.of(new ActiveRun("again", RunKind.DEMAND, at("03:00"), 0, Stage.RESTING, at("03:00")));
        assertThat(decided("03:30")).as("claimed by a process that died").isEqualTo("give up QUEUE_TIMEOUT");
    }

    @ParameterizedTest
    @CsvSource({
        // lanes, unfinished runs, stuck attempts, decision
        "1, 0, 0, SCHEDULE 04:00",
        "1, 1, 0, skip 1 from 04:00 to 04:00 OVERLAP",
        "1, 0, 1, skip 1 from 04:00 to 04:00 STUCK",
        "2, 1, 0, SCHEDULE 04:00",
        "2, 0, 1, SCHEDULE 04:00",
        "2, 2, 0, skip 1 from 04:00 to 04:00 OVERLAP",
        "2, 1, 1, skip 1 from 04:00 to 04:00 STUCK",
        "2, 0, 2, skip 1 from 04:00 to 04:00 STUCK",
        "2, 2, 1, skip 1 from 04:00 to 04:00 OVERLAP",
        "3, 2, 0, SCHEDULE 04:00",
        "3, 1, 1, SCHEDULE 04:00",
        "3, 1, 2, skip 1 from 04:00 to 04:00 STUCK"
    })
    void asManyRunAtATimeAsMayOverlap(int lanes, int unfinished, int stuckOnes, String expected) {
        policy = policy(MissedRuns.RUN_ONCE, null, null, lanes);
        List<ActiveRun> runs = new ArrayList<>();
        for (int i = 0; i < unfinished; i++) {
            runs.add(new ActiveRun("lane " + i, RunKind.SCHEDULE, at("03:00"), 1, Stage.ATTEMPTED, null));
        }
        active = runs;
        stuck = stuckOnes;
        assertThat(decided("04:00")).isEqualTo(expected);
    }

    @Test
    void ofSeveralLanesARetryEndsWithTheNextSlotAndTheOthersGoOn() {
        policy = policy(MissedRuns.RUN_ONCE, null, null, 2);
        active = List.of(attempted(), resting("03:50"));
        assertThat(decided("03:49")).isEqualTo("wait until 03:50");
        assertThat(decided("03:50")).isEqualTo("next attempt");
        assertThat(decided("04:00")).isEqualTo("give up");
        active = List.of(attempted());
        assertThat(decided("04:00")).isEqualTo("SCHEDULE 04:00");
    }

    @ParameterizedTest
    @CsvSource({
        // end of the rest, now, decision, next run
        "05:30, 04:00, wait until 06:00, 06:00",
        "05:30, 05:29, wait until 06:00, 06:00",
        "05:30, 05:30, wait until 06:00, 06:00",
        // the first slot at or after the end is the probe
        "05:30, 06:00, SCHEDULE 06:00, 07:00",
        "05:00, 04:59, wait until 05:00, 05:00",
        "05:00, 05:00, SCHEDULE 05:00, 06:00",
        "05:00, 05:30, CATCH_UP 05:00 for 1 since 05:00, 06:00",
        // slots in the rest are not missed
        "05:00:00.001, 06:00, SCHEDULE 06:00, 07:00",
        "05:30, 07:30, CATCH_UP 07:00 for 2 since 06:00, 08:00"
    })
    void theProbeIsTheFirstSlotAfterTheRest(String until, String now, String expected, String nextRunAt) {
        state = CollectionState.SUSPENDED;
        suspendedUntil = at(until);
        assertThat(decided(now)).isEqualTo(expected);
        assertThat(next(now)).isEqualTo(nextRunAt);
    }

    @Test
    void whatOneDecidesBeforeItsRestEndsIsNotDecidedAgain() {
        state = CollectionState.SUSPENDED;
        suspendedUntil = at("05:30");
        decidedUntil = at("06:00");
        claimed = List.of(at("06:00"));
        assertThat(decided("06:30")).isEqualTo("wait until 07:00");
        startPending = true;
        lastStartedAt = null;
        assertThat(Decider.decide(new Rules(HOURLY, quiet, policy, RunOnStart.ALWAYS, HALF), progress(), at("06:30")))
                .as("a start is no probe")
                .isEqualTo(new Decision.WaitUntil(at("07:00")));
    }

    @ParameterizedTest
    @CsvSource({
        // end of the rest, now, decision, next run; the only slot is 04:30 and may be started until 04:35
        "04:33, 04:00, wait until 04:33, 04:33",
        "04:33, 04:31, wait until 04:33, 04:33",
        "04:33, 04:33, CATCH_UP 04:30 for 1 since 04:30, never",
        "04:40, 04:31, wait until 04:40, never",
        "04:40, 04:40, skip 1 from 04:30 to 04:30 START_DEADLINE, never",
        "04:20, 04:10, wait until 04:30, 04:30",
        "04:20, 04:30, SCHEDULE 04:30, never"
    })
    void anOnlySlotThatPassesInARestIsDecidedAfterIt(String until, String now, String expected, String nextRunAt) {
        schedule = new OneTimeSchedule(at("04:30"), Duration.ZERO);
        policy = policy(MissedRuns.RUN_ONCE, FIVE, null, 1);
        state = CollectionState.SUSPENDED;
        suspendedUntil = at(until);
        claimed = List.of();
        assertThat(decided(now)).isEqualTo(expected);
        assertThat(next(now)).isEqualTo(nextRunAt);
        assertThat(Decider.state(schedule, progress())).isEqualTo(CollectionState.SUSPENDED);
    }

    @Test
    void aPauseHidesARest() {
        state = CollectionState.PAUSED;
        assertThat(decided("09:00")).isEqualTo("wait for change");
        assertThat(Decider.nextRunAt(rules(), progress(), at("09:00"))).isEmpty();
        suspendedUntil = at("05:00");
        assertThatThrownBy(this::progress).hasMessageContaining("PAUSED rests until");
        state = CollectionState.SUSPENDED;
        suspendedUntil = null;
        assertThatThrownBy(this::progress).hasMessageContaining("SUSPENDED rests until null");
    }

    @ParameterizedTest
    @CsvSource({
        // quiet from 04:30 to 06:30; now, decision when skipped, decision when held
        "04:00, SCHEDULE 04:00, SCHEDULE 04:00",
        "04:30, CATCH_UP 04:00 for 1 since 04:00, wait until 05:00",
        "05:00, skip 1 from 05:00 to 05:00 QUIET, wait until 06:00",
        "06:10, skip 2 from 05:00 to 06:00 QUIET, wait until 06:30",
        "06:30, skip 2 from 05:00 to 06:00 QUIET, CATCH_UP 06:00 for 2 since 05:00",
        "06:59, skip 2 from 05:00 to 06:00 QUIET, CATCH_UP 06:00 for 2 since 05:00",
        "07:00, CATCH_UP 07:00 for 3 since 05:00, CATCH_UP 07:00 for 3 since 05:00"
    })
    void slotsInAQuietTimeAreSkippedOrHeld(String now, String skipped, String held) {
        decidedUntil = at(now.compareTo("04:30") <= 0 ? "03:00" : "04:00");
        claimed = List.of(decidedUntil);
        quiet = QuietWindows.once(at("04:30"), at("06:30"), Slots.HOLD);
        assertThat(decided(now)).isEqualTo(held);
        quiet = QuietWindows.once(at("04:30"), at("06:30"), Slots.SKIP);
        assertThat(decided(now)).isEqualTo(now.equals("04:30") ? "wait until 05:00" : skipped);
    }

    @ParameterizedTest
    @CsvSource({
        // quiet from 05:00 to 05:20; one slot is held
        "HOLD, 05:00, wait until 05:20, 05:20",
        "HOLD, 05:19:59.999, wait until 05:20, 05:20",
        "HOLD, 05:20, SCHEDULE 05:00, 06:00",
        "HOLD, 05:21, SCHEDULE 05:00, 06:00",
        "HOLD, 05:21:00.001, CATCH_UP 05:00 for 1 since 05:00, 06:00",
        // its deadline counts from the end of the quiet time
        "HOLD, 05:25, CATCH_UP 05:00 for 1 since 05:00, 06:00",
        "HOLD, 05:25:00.001, skip 1 from 05:00 to 05:00 START_DEADLINE, 06:00",
        "SKIP, 05:00, skip 1 from 05:00 to 05:00 QUIET, 06:00",
        "SKIP, 05:20, skip 1 from 05:00 to 05:00 QUIET, 06:00"
    })
    void aHeldSlotIsDueAtTheEndOfTheQuietTime(Slots slots, String now, String expected, String nextRunAt) {
        policy = policy(MissedRuns.RUN_ONCE, FIVE, null, 1);
        decidedUntil = at("04:00");
        claimed = List.of(at("04:00"));
        quiet = QuietWindows.once(at("05:00"), at("05:20"), slots);
        assertThat(decided(now)).isEqualTo(expected);
        assertThat(next(now)).isEqualTo(nextRunAt);
    }

    @ParameterizedTest
    @CsvSource({"HOLD, 04:00, 05:20", "HOLD, 05:20, 06:00", "SKIP, 04:00, 06:00", "SKIP, 06:00, 07:00"})
    void theRunAfterAnotherHeedsQuietTimes(Slots slots, String run, String following) {
        quiet = QuietWindows.once(at("05:00"), at("05:20"), slots);
        assertThat(Decider.nextRunAfter(rules(), at(run))).contains(at(following));
    }

    @ParameterizedTest
    @CsvSource({
        "04:59, wait until 05:00, 05:20",
        "05:10, wait until 05:20, 05:20",
        "05:20, SCHEDULE 05:00, 06:00",
        "05:21:00.001, wait until 06:00, 06:00"
    })
    void aSlotIsHeldWhileTheClockIsBehindTheDecidedOnes(String now, String expected, String nextRunAt) {
        decidedUntil = at("08:00");
        claimed = List.of(at("08:00"));
        quiet = QuietWindows.once(at("05:00"), at("05:20"), Slots.HOLD);
        assertThat(decided(now)).isEqualTo(expected);
        assertThat(next(now)).isEqualTo(nextRunAt);
    }

    @Test
    void aHeldSlotIsNotHeldForARunThatHasNotEnded() {
        decidedUntil = at("04:00");
        quiet = QuietWindows.once(at("05:00"), at("05:20"), Slots.HOLD);
        active = List.of(attempted());
        assertThat(decided("05:10")).isEqualTo("wait until 05:20");
        assertThat(decided("05:20")).isEqualTo("skip 1 from 05:00 to 05:00 OVERLAP");
    }

    @ParameterizedTest
    @EnumSource
    void aSlotJustBeforeAQuietTimeIsServedInItWhileItIsPunctual(Slots slots) {
        quiet = QuietWindows.once(at("04:00").plusMillis(1), at("04:20"), slots);
        assertThat(decided("04:00:00.001")).isEqualTo("SCHEDULE 04:00");
        assertThat(decided("04:01:00")).isEqualTo("SCHEDULE 04:00");
        assertThat(decided("04:01:00.001")).as("a catch-up waits").isEqualTo("wait until 04:20");
        assertThat(next("04:01:00.001")).isEqualTo("04:20");
        assertThat(decided("04:20")).isEqualTo("CATCH_UP 04:00 for 1 since 04:00");
    }

    @ParameterizedTest
    @CsvSource({
        // quiet from 05:30 to 07:30; 04:00 and 05:00 were missed before it
        "05:40, wait until 06:00, 07:30",
        "06:00, wait until 07:00, 07:30",
        "07:00, wait until 07:30, 07:30",
        "07:30, CATCH_UP 05:00 for 2 since 04:00, 08:00"
    })
    void slotsThatWereMissedBeforeAQuietTimeAreNotLostInIt(String now, String expected, String nextRunAt) {
        quiet = QuietWindows.once(at("05:30"), at("07:30"), Slots.SKIP);
        assertThat(decided(now)).isEqualTo(expected);
        assertThat(next(now)).isEqualTo(nextRunAt);
    }

    @Test
    void slotsInAQuietTimeAreSkippedBehindThoseThatWereMissedBeforeIt() {
        quiet = QuietWindows.once(at("05:30"), at("07:30"), Slots.SKIP);
        decidedUntil = at("05:00");
        claimed = List.of(at("05:00"));
        assertThat(decided("07:30")).isEqualTo("skip 2 from 06:00 to 07:00 QUIET");
        active = List.of(attempted());
        assertThat(decided("07:30")).as("whatever runs").isEqualTo("skip 2 from 06:00 to 07:00 QUIET");
    }

    @Test
    void slotsThatAllLieInQuietTimesAreSkippedAtOnceHoweverManyTimesTheyAre() {
        Schedule daily = new IntervalSchedule(at("02:00"), Duration.ZERO, Duration.ofDays(1));
        schedule = daily;
        quiet = instant -> daily.latestUntil(instant.plus(FIVE))
                .map(slot -> new QuietTimes.Quiet(slot.minus(FIVE), slot.plus(FIVE), Slots.SKIP))
                .filter(found -> instant.isBefore(found.until()));
        decidedUntil = at("02:00");
        claimed = List.of(at("02:00"));
        Instant later = at("12:00").plus(Duration.ofDays(400));
        assertThat(Decider.decide(rules(), progress(), later))
                .isEqualTo(new Decision.Skip(
                        new SlotRange(
                                at("02:00").plus(Duration.ofDays(1)),
                                at("02:00").plus(Duration.ofDays(400)),
                                400),
                        SkipReason.QUIET));
        assertThat(Decider.nextRunAt(rules(), progress(), later)).as("never").isEmpty();
    }

    @Test
    void theStartOfTheServiceIsNoReasonInAQuietTime() {
        startPending = true;
        lastStartedAt = null;
        quiet = QuietWindows.once(at("03:20"), at("03:40"), Slots.HOLD);
        Rules rules = new Rules(HOURLY, quiet, policy, RunOnStart.ALWAYS, HALF);
        assertThat(Decider.decide(rules, progress(), at("03:30"))).isEqualTo(new Decision.WaitUntil(at("04:00")));
    }

    @Test
    void theNextRunIsBehindEveryQuietTimeInBetween() {
        quiet = QuietWindows.of(List.of(
                QuietWindows.once(at("03:30"), at("05:30"), Slots.SKIP),
                QuietWindows.once(at("05:50"), at("06:10"), Slots.HOLD)));
        assertThat(next("03:10")).isEqualTo("06:10");
        quiet = QuietWindows.of(List.of(
                QuietWindows.once(at("03:30"), at("05:30"), Slots.SKIP),
                QuietWindows.once(at("05:50"), at("06:10"), Slots.SKIP)));
        assertThat(next("03:10")).isEqualTo("07:00");
    }

    @ParameterizedTest
    @CsvSource({
        // 01:30 and 03:30 in Berlin, two hours apart: one hour on 29 March 2026, three on 25 October
        "2026-03-28T02:30:00Z, SCHEDULE",
        "2026-03-29T00:30:00Z, SCHEDULE",
        "2026-03-29T01:30:00Z, MINIMUM_INTERVAL",
        "2026-03-29T23:30:00Z, SCHEDULE",
        "2026-03-30T01:30:00Z, SCHEDULE",
        "2026-10-24T23:30:00Z, SCHEDULE",
        "2026-10-25T02:30:00Z, SCHEDULE"
    })
    void aSlotThatDaylightSavingBringsTooCloseIsSkipped(Instant slot, String expected) {
        assertSlot(Set.of(1, 3), Duration.ofMinutes(90), slot, expected);
    }

    /** 02:30 lies at 03:00 in the spring gap, half an hour after 01:30; 03:30 is an hour after the one that is served. */
    @ParameterizedTest
    @CsvSource({
        "2026-03-29T00:30:00Z, SCHEDULE",
        "2026-03-29T01:00:00Z, MINIMUM_INTERVAL",
        "2026-03-29T01:30:00Z, SCHEDULE",
        "2026-03-30T00:30:00Z, SCHEDULE"
    })
    void aSlotIsNotTooCloseToOneThatIsItselfSkipped(Instant slot, String expected) {
        assertSlot(Set.of(1, 2, 3), Duration.ofHours(1), slot, expected);
    }

    private void assertSlot(Set<Integer> hours, Duration minimumInterval, Instant slot, String expected) {
        schedule = new CalendarSchedule(
                "at half past",
                new FixedTimes(
                        new LocalPattern(
                                DayPattern.onDaysOfWeek(EnumSet.allOf(DayOfWeek.class)),
                                TimesOfDay.of(hours, Set.of(30), Set.of(0))),
                        ZoneId.of("Europe/Berlin").getRules()),
                Duration.ZERO);
        decidedUntil = schedule.latestUntil(slot.minusMillis(1)).orElseThrow();
        claimed = List.of(decidedUntil);
        Decision decision =
                Decider.decide(new Rules(schedule, quiet, policy, RunOnStart.NEVER, minimumInterval), progress(), slot);
        assertThat(decision)
                .isEqualTo(
                        expected.equals("SCHEDULE")
                                ? new Decision.Start(RunKind.SCHEDULE, slot, null)
                                : new Decision.Skip(SlotRange.of(slot), SkipReason.MINIMUM_INTERVAL));
    }

    @ParameterizedTest
    @CsvSource({
        // the one slot is 05:00, its deadline 05:05
        "04:59, , wait until 05:00, ACTIVE, 05:00",
        "05:00, , SCHEDULE 05:00, ACTIVE, never",
        "05:05, , CATCH_UP 05:00 for 1 since 05:00, ACTIVE, never",
        "05:05:00.001, , skip 1 from 05:00 to 05:00 START_DEADLINE, ACTIVE, never",
        "09:00, , skip 1 from 05:00 to 05:00 START_DEADLINE, ACTIVE, never",
        "05:10, 05:00, wait for change, COMPLETED, never"
    })
    void oneSlotIsServedOrSkippedOnceAndThenItIsOver(
            String now, @Nullable String decided, String expected, CollectionState stateThen, String nextRunAt) {
        schedule = new OneTimeSchedule(at("05:00"), Duration.ZERO);
        policy = policy(MissedRuns.RUN_ONCE, FIVE, null, 1);
        decidedUntil = at(decided == null ? "03:00" : decided);
        claimed = decided == null ? List.of() : List.of(at(decided));
        assertThat(decided(now)).isEqualTo(expected);
        assertThat(Decider.state(schedule, progress())).isEqualTo(stateThen);
        assertThat(next(now)).isEqualTo(nextRunAt);
    }

    @Test
    void aCollectionIsNotOverBeforeItsLastRunIs() {
        schedule = new OneTimeSchedule(at("05:00"), Duration.ZERO);
        decidedUntil = at("05:00");
        claimed = List.of(at("05:00"));
        active = List.of(new ActiveRun("last", RunKind.SCHEDULE, at("05:00"), 1, Stage.RESTING, at("05:10")));
        assertThat(Decider.state(schedule, progress())).isEqualTo(CollectionState.ACTIVE);
        assertThat(decided("05:09")).isEqualTo("wait until 05:10");
        assertThat(decided("05:10")).isEqualTo("next attempt");
        active = List.of();
        assertThat(Decider.state(schedule, progress())).isEqualTo(CollectionState.COMPLETED);
        state = CollectionState.PAUSED;
        assertThat(Decider.state(schedule, progress())).isEqualTo(CollectionState.PAUSED);
    }

    @ParameterizedTest
    @CsvSource({
        // after, first, longest, failures in a row, rest
        "5, PT1M, PT1H, 0, ",
        "5, PT1M, PT1H, 4, ",
        "5, PT1M, PT1H, 5, PT1M",
        "5, PT1M, PT1H, 6, PT2M",
        "5, PT1M, PT1H, 7, PT4M",
        "5, PT1M, PT1H, 10, PT32M",
        "5, PT1M, PT1H, 11, PT1H",
        "5, PT1M, PT1H, 12, PT1H",
        "5, PT1M, PT1H, 9223372036854775807, PT1H",
        "1, PT1H, PT1H, 1, PT1H",
        "1, PT1H, PT1H, 2, PT1H",
        "1, PT0.001S, P365D, 30, PT149H7M50.912S",
        "1, PT0.001S, P3650D, 60, P3650D",
        "0, PT1M, PT1H, 0, ",
        "0, PT1M, PT1H, 1000, "
    })
    void restsDoubleUpToTheLongest(
            int after, Duration first, Duration longest, long failures, @Nullable Duration rest) {
        assertThat(new Suspension(after, first, longest).restAfter(failures)).isEqualTo(Optional.ofNullable(rest));
    }

    @Test
    void noRestIsShorterThanTheOneBeforeAndNoneLongerThanTheLongest() {
        for (String first : Arrays.asList("PT0.001S", "PT1S", "PT17M", "PT59M59.999S", "PT1H")) {
            Suspension suspension = new Suspension(3, Duration.parse(first), Duration.ofHours(1));
            Duration before = Duration.ZERO;
            for (long failures = 3; failures < 200; failures++) {
                Duration rest = suspension.restAfter(failures).orElseThrow();
                assertThat(rest).isBetween(before, Duration.ofHours(1));
                before = rest;
            }
            assertThat(before).isEqualTo(Duration.ofHours(1));
        }
    }

    private static StartPolicy policy(
            MissedRuns missedRuns, @Nullable Duration startDeadline, @Nullable Duration queueTimeout, int maxOverlap) {
        return new StartPolicy(missedRuns, startDeadline, queueTimeout, maxOverlap);
    }

    private Rules rules() {
        return new Rules(schedule, quiet, policy, RunOnStart.NEVER, HALF);
    }

    private Optional<String> afterQueue(ActiveRun run, String decidedAt, String now) {
        return Decider.afterQueue(rules(), run, at(decidedAt), at(now)).map(DecidedCollection::describe);
    }

    private String decided(String now) {
        rules = rules();
        return decide(now);
    }

    private String next(String now) {
        return Decider.nextRunAt(rules(), progress(), at(now))
                .map(DecidedCollection::time)
                .orElse("never");
    }
}
