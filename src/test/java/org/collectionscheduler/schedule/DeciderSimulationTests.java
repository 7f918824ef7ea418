package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.collectionscheduler.schedule.SimulatedCollection.Behaviour;
import org.collectionscheduler.schedule.SimulatedCollection.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What decisions add up to over days; the simulated collection checks each of them against its model. */
class DeciderSimulationTests {

    private static final Instant REGISTERED = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void thirtyDaysWithoutDrift() {
        Duration interval = Duration.ofMinutes(30);
        Duration offset = Duration.ofMillis(754_321);
        SimulatedCollection collection = collection(offset, interval, 1);

        collection.live(Duration.ofDays(30));

        List<Instant> expected = new ArrayList<>();
        for (Instant slot = REGISTERED.plus(offset);
                slot.isBefore(REGISTERED.plus(Duration.ofDays(30)));
                slot = slot.plus(interval)) {
            expected.add(slot);
        }
        assertThat(collection.entries).extracting(Entry::slot).containsExactlyElementsOf(expected);
        assertThat(collection.entries).allSatisfy(entry -> {
            assertThat(entry.kind()).isEqualTo(RunKind.SCHEDULE);
            assertThat(Duration.between(Objects.requireNonNull(entry.slot()), entry.at()))
                    .isLessThan(Duration.ofSeconds(5));
        });
    }

    @ParameterizedTest
    @EnumSource
    void eightHoursOfSleepMakeOneEntryAndNoBurst(MissedRuns missedRuns) {
        SimulatedCollection collection = new SimulatedCollection(
                REGISTERED,
                rules(schedule(Duration.ZERO, HOUR), missedRuns, RunOnStart.NEVER),
                Behaviour.QUICK,
                new Random(2));
        collection.live(Duration.ofMinutes(150));
        int before = collection.entries.size();

        collection.sleep(Duration.ofHours(8));

        assertThat(collection.entries).hasSize(before + 1);
        Entry entry = collection.entries.get(before);
        assertThat(entry.range()).isEqualTo(new SlotRange(hour(3), hour(10), 8));
        assertThat(entry.slot()).isEqualTo(hour(10));
        assertThat(entry.skipped()).isEqualTo(missedRuns == MissedRuns.SKIP ? SkipReason.MISSED : null);

        collection.live(Duration.ofHours(2));
        assertThat(collection.entries.subList(before + 1, collection.entries.size()))
                .extracting(Entry::kind, Entry::slot)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(RunKind.SCHEDULE, hour(11)),
                        org.assertj.core.groups.Tuple.tuple(RunKind.SCHEDULE, hour(12)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P365D", "P31D", "PT597H36M", "PT595H"})
    void longDelaysAreWaitedFor(Duration interval) {
        SimulatedCollection collection = collection(Duration.ofMinutes(5), interval, 3);
        collection.live(interval.plusMinutes(4));
        assertThat(collection.entries).extracting(Entry::slot).containsExactly(REGISTERED.plusSeconds(300));
        collection.live(Duration.ofMinutes(2));
        assertThat(collection.entries)
                .extracting(Entry::slot)
                .containsExactly(
                        REGISTERED.plusSeconds(300), REGISTERED.plusSeconds(300).plus(interval));
    }

    @Test
    void aClockSteppedAheadMakesOneCatchUpAndBackAgainNeitherDoublesNorFreezes() {
        SimulatedCollection collection = collection(Duration.ZERO, HOUR, 4);
        collection.live(Duration.ofMinutes(90));
        collection.step(Duration.ofHours(6));
        collection.live(Duration.ofMinutes(20));
        assertThat(last(collection).kind()).isEqualTo(RunKind.CATCH_UP);
        assertThat(last(collection).range()).isEqualTo(new SlotRange(hour(2), hour(7), 6));

        int before = collection.entries.size();
        collection.step(Duration.ofHours(-6));
        assertThat(collection.entries).hasSize(before);
        collection.live(Duration.ofHours(8));

        // 07:00 has its run; every other slot comes at its own time.
        assertThat(collection.entries.subList(before, collection.entries.size()))
                .extracting(Entry::slot)
                .containsExactly(hour(2), hour(3), hour(4), hour(5), hour(6), hour(8), hour(9));
        assertThat(collection.entries.subList(before, collection.entries.size()))
                .allSatisfy(entry -> assertThat(entry.kind()).isEqualTo(RunKind.SCHEDULE));
    }

    @Test
    void aClockSteppedBackDoesNotServeAgainWhatWasServed() {
        SimulatedCollection collection = collection(Duration.ZERO, HOUR, 5);
        collection.live(Duration.ofMinutes(450));
        int before = collection.entries.size();

        collection.step(Duration.ofHours(-6));
        collection.live(Duration.ofMinutes(380));

        assertThat(collection.entries).hasSize(before);
        collection.live(Duration.ofMinutes(20));
        assertThat(collection.entries).hasSize(before + 1);
        assertThat(last(collection).slot()).isEqualTo(hour(8));
    }

    @Test
    void aClockSteppedBackRightAfterRegistrationDoesNotFreezeTheRhythm() {
        SimulatedCollection collection = collection(Duration.ofMinutes(10), HOUR, 6);
        collection.live(Duration.ofMinutes(1));
        collection.step(Duration.ofHours(-6));
        collection.live(Duration.ofHours(2));
        assertThat(collection.entries).hasSize(2);
    }

    @Test
    void aChangeOfTheIntervalNeverCausesACatchUpAndStartsAtItsFirstSlotAfterIt() {
        SimulatedCollection collection = collection(Duration.ZERO, Duration.ofHours(6), 7);
        collection.live(Duration.ofHours(20));
        int before = collection.entries.size();

        collection.restart(Duration.ofMinutes(95), rules(schedule(Duration.ZERO, HOUR)), true);

        assertThat(collection.entries).hasSize(before);
        collection.live(HOUR);
        assertThat(last(collection).kind()).isEqualTo(RunKind.SCHEDULE);
        assertThat(last(collection).slot()).isEqualTo(hour(22));

        before = collection.entries.size();
        collection.restart(Duration.ofDays(2), rules(schedule(Duration.ZERO, Duration.ofHours(5))), true);
        assertThat(collection.entries).hasSize(before);
        collection.live(Duration.ofHours(5));
        assertThat(collection.entries).hasSize(before + 1);
        // Still counted from the anchor: 75 hours after it.
        assertThat(last(collection).slot()).isEqualTo(hour(75));
    }

    @Test
    void slotsPassedInAPauseAreNotMissed() {
        SimulatedCollection collection = collection(Duration.ZERO, HOUR, 8);
        collection.live(Duration.ofMinutes(90));
        int before = collection.entries.size();
        collection.pause();
        collection.live(Duration.ofHours(5));
        assertThat(collection.entries).hasSize(before);
        collection.resume();
        assertThat(collection.entries).hasSize(before);
        collection.live(HOUR);
        assertThat(last(collection).kind()).isEqualTo(RunKind.SCHEDULE);
        assertThat(last(collection).slot()).isEqualTo(hour(7));
    }

    @Test
    void slotsPassedWhileDisabledAreNotMissed() {
        SimulatedCollection collection = collection(Duration.ZERO, HOUR, 9);
        collection.live(Duration.ofMinutes(90));
        int before = collection.entries.size();
        collection.restart(Duration.ofSeconds(10), collection.rules(), false);
        collection.live(Duration.ofHours(5));
        collection.restart(Duration.ofHours(3), collection.rules(), true);
        assertThat(collection.entries).hasSize(before);
        collection.live(HOUR);
        assertThat(collection.entries).hasSize(before + 1);
        assertThat(last(collection).kind()).isEqualTo(RunKind.SCHEDULE);
    }

    @Test
    void aRestartDoesNotResetTheRhythm() {
        SimulatedCollection collection = collection(Duration.ofMinutes(7), HOUR, 10);
        for (int i = 0; i < 50; i++) {
            collection.live(Duration.ofMinutes(23));
            collection.restart(Duration.ofSeconds(20));
        }
        assertThat(collection.entries)
                .extracting(Entry::slot)
                .doesNotHaveDuplicates()
                .hasSize(20)
                .allSatisfy(slot -> assertThat(Duration.between(REGISTERED, slot)
                                        .minusMinutes(7)
                                        .toMillis()
                                % HOUR.toMillis())
                        .isZero());
    }

    @Test
    void aCrashLoopDoesNotRunMoreOftenThanTheMinimumInterval() {
        SimulatedCollection collection = new SimulatedCollection(
                REGISTERED,
                rules(schedule(Duration.ZERO, Duration.ofHours(6)), MissedRuns.RUN_ONCE, RunOnStart.ALWAYS),
                Behaviour.QUICK,
                new Random(11));
        for (int i = 0; i < 5 * 60; i++) {
            collection.live(Duration.ofSeconds(50));
            collection.restart(Duration.ofSeconds(10));
        }
        assertThat(collection.entries).extracting(Entry::kind).contains(RunKind.START);
        for (int i = 1; i < collection.entries.size(); i++) {
            assertThat(Duration.between(
                            collection.entries.get(i - 1).at(),
                            collection.entries.get(i).at()))
                    .isGreaterThanOrEqualTo(Duration.ofMinutes(30));
        }
    }

    /** Everything together, over twelve days or so each, the clock never going back: the model must agree exactly. */
    @Test
    void agreesWithTheModel() {
        for (int seed = 0; seed < 400; seed++) {
            simulate(seed, false);
        }
    }

    /** The same with a clock that goes back too: nothing is served twice, nothing new is lost, nothing stands still. */
    @Test
    void agreesWithTheModelWhenTheClockGoesBack() {
        for (int seed = 1000; seed < 1400; seed++) {
            simulate(seed, true);
        }
    }

    private static void simulate(int seed, boolean backwards) {
        Random random = new Random(seed);
        SimulatedCollection collection =
                new SimulatedCollection(REGISTERED, anyRules(random), anyBehaviour(random), random);
        List<String> story = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                collection.live(any(random, Duration.ofHours(16)));
                story.add(happen(collection, random, backwards) + " until " + collection.wall());
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", " + collection.rules() + ", after " + story, e);
        }
        assertThat(collection.entries).as("seed " + seed).isNotEmpty();
    }

    private static String happen(SimulatedCollection collection, Random random, boolean backwards) {
        switch (random.nextInt(8)) {
            case 0 -> {
                collection.sleep(any(random, Duration.ofHours(8)));
                return "sleep";
            }
            case 1 -> {
                Duration step = any(random, Duration.ofHours(6));
                collection.step(backwards && random.nextBoolean() ? step.negated() : step);
                return "step " + step;
            }
            case 2, 3 -> {
                collection.restart(any(random, Duration.ofDays(1)));
                return "restart";
            }
            case 4 -> {
                collection.restart(any(random, HOUR), collection.rules(), random.nextBoolean());
                return "restart, " + collection.state();
            }
            case 5 -> {
                collection.restart(any(random, HOUR), anyRules(random), true);
                return "restart with " + collection.rules();
            }
            case 6 -> {
                collection.pause();
                return "pause";
            }
            default -> {
                if (collection.state() == CollectionState.PAUSED) {
                    collection.resume();
                }
                return "resume";
            }
        }
    }

    private static Rules anyRules(Random random) {
        Duration interval = Duration.ofMinutes(30).plus(any(random, Duration.ofHours(random.nextInt(30) + 1)));
        Duration offset = random.nextInt(4) == 0 ? Duration.ZERO : any(random, Duration.ofHours(random.nextInt(4) + 1));
        return rules(
                schedule(offset, interval),
                MissedRuns.values()[random.nextInt(2)],
                RunOnStart.values()[random.nextInt(3)]);
    }

    private static Behaviour anyBehaviour(Random random) {
        Duration longest = random.nextBoolean() ? Duration.ofMinutes(5) : Duration.ofHours(3);
        return new Behaviour(longest, random.nextDouble() * 0.5, random.nextDouble() * 0.1);
    }

    private static Duration any(Random random, Duration longest) {
        return Duration.ofMillis(1 + random.nextLong(longest.toMillis()));
    }

    private static SimulatedCollection collection(Duration offset, Duration interval, int seed) {
        return new SimulatedCollection(
                REGISTERED, rules(schedule(offset, interval)), Behaviour.QUICK, new Random(seed));
    }

    private static Schedule schedule(Duration offset, Duration interval) {
        return new IntervalSchedule(REGISTERED, offset, interval);
    }

    private static Rules rules(Schedule schedule) {
        return rules(schedule, MissedRuns.RUN_ONCE, RunOnStart.NEVER);
    }

    private static Rules rules(Schedule schedule, MissedRuns missedRuns, RunOnStart runOnStart) {
        return TestRules.of(schedule, missedRuns, runOnStart);
    }

    private static Instant hour(int hours) {
        return REGISTERED.plus(Duration.ofHours(hours));
    }

    private static Entry last(SimulatedCollection collection) {
        return collection.entries.get(collection.entries.size() - 1);
    }
}
