package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalScheduleTests {

    private static final Instant ANCHOR = Instant.parse("2026-03-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // offset, interval, instant, latest until, next after
        "PT0S, PT1H, 2026-03-01T00:00:00Z, 2026-03-01T00:00:00Z, 2026-03-01T01:00:00Z",
        "PT0S, PT1H, 2026-03-01T00:00:00.001Z, 2026-03-01T00:00:00Z, 2026-03-01T01:00:00Z",
        "PT0S, PT1H, 2026-03-01T00:59:59.999Z, 2026-03-01T00:00:00Z, 2026-03-01T01:00:00Z",
        "PT0S, PT1H, 2026-03-01T00:59:59.999999999Z, 2026-03-01T00:00:00Z, 2026-03-01T01:00:00Z",
        "PT0S, PT1H, 2026-03-01T01:00:00Z, 2026-03-01T01:00:00Z, 2026-03-01T02:00:00Z",
        "PT0S, PT1H, 2026-03-01T01:00:00.000000001Z, 2026-03-01T01:00:00Z, 2026-03-01T02:00:00Z",
        // with an offset, shorter than the interval, equal to it, and longer
        "PT10M, PT1H, 2026-03-01T00:10:00Z, 2026-03-01T00:10:00Z, 2026-03-01T01:10:00Z",
        "PT0.001S, PT1H, 2026-03-01T00:00:00.001Z, 2026-03-01T00:00:00.001Z, 2026-03-01T01:00:00.001Z",
        "PT1H, PT1H, 2026-03-01T01:00:00Z, 2026-03-01T01:00:00Z, 2026-03-01T02:00:00Z",
        "PT2H30M, PT1H, 2026-03-01T02:30:00Z, 2026-03-01T02:30:00Z, 2026-03-01T03:30:00Z",
        // a millisecond's interval
        "PT0S, PT0.001S, 2026-03-01T00:00:00.0049Z, 2026-03-01T00:00:00.004Z, 2026-03-01T00:00:00.005Z",
        // a year, 31 days, and just more than 2^31 ms
        "PT0S, P365D, 2026-12-31T00:00:00Z, 2026-03-01T00:00:00Z, 2027-03-01T00:00:00Z",
        "PT1H, P31D, 2026-04-01T00:59:59.999Z, 2026-03-01T01:00:00Z, 2026-04-01T01:00:00Z",
        "PT0S, PT597H36M, 2026-03-25T21:36:00Z, 2026-03-25T21:36:00Z, 2026-04-19T19:12:00Z",
        "PT0S, PT2147483.648S, 2026-03-02T00:00:00Z, 2026-03-01T00:00:00Z, 2026-03-25T20:31:23.648Z",
        // far from the anchor
        "PT10M, PT1H, 2126-03-01T00:30:00Z, 2126-03-01T00:10:00Z, 2126-03-01T01:10:00Z"
    })
    void slotsAreAnchorPlusOffsetPlusMultiplesOfTheInterval(
            Duration offset, Duration interval, Instant instant, Instant latest, Instant next) {
        IntervalSchedule schedule = new IntervalSchedule(ANCHOR, offset, interval);
        assertThat(schedule.latestUntil(instant)).contains(latest);
        assertThat(schedule.nextAfter(instant)).contains(next);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, PT1H, 2026-03-01T00:00:00Z",
        "PT10M, PT1H, 2026-03-01T00:10:00Z",
        "PT1H, PT1H, 2026-03-01T01:00:00Z",
        "PT2H30M, PT1H, 2026-03-01T02:30:00Z",
        "PT1H, P365D, 2026-03-01T01:00:00Z"
    })
    void theFirstSlotAfterRegistrationIsAnchorPlusOffset(Duration offset, Duration interval, Instant first) {
        IntervalSchedule schedule = new IntervalSchedule(ANCHOR, offset, interval);
        assertThat(schedule.nextAfter(ANCHOR.minusMillis(1))).contains(first);
        assertThat(schedule.count(ANCHOR.minusMillis(1), first)).isEqualTo(1);
        assertThat(schedule.count(ANCHOR.minusMillis(1), first.minusMillis(1))).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // offset, interval, instant, latest until, next after
        "PT0S, PT1H, 2026-02-28T23:59:59.999Z, 2026-02-28T23:00:00Z, 2026-03-01T00:00:00Z",
        "PT10M, PT1H, 2026-02-28T20:30:00Z, 2026-02-28T20:10:00Z, 2026-02-28T21:10:00Z",
        "PT10M, PT1H, 2026-03-01T00:09:59.999Z, 2026-02-28T23:10:00Z, 2026-03-01T00:10:00Z",
        "PT2H30M, PT1H, 2026-02-28T23:30:00Z, 2026-02-28T23:30:00Z, 2026-03-01T02:30:00Z",
        "PT2H30M, PT1H, 2026-02-28T22:45:00Z, 2026-02-28T22:30:00Z, 2026-02-28T23:30:00Z",
        "PT2H, PT1H, 2026-03-01T01:30:00Z, 2026-02-28T23:00:00Z, 2026-03-01T02:00:00Z"
    })
    void theRhythmGoesOnBeforeTheAnchor(
            Duration offset, Duration interval, Instant instant, Instant latest, Instant next) {
        IntervalSchedule schedule = new IntervalSchedule(ANCHOR, offset, interval);
        assertThat(schedule.latestUntil(instant)).contains(latest);
        assertThat(schedule.nextAfter(instant)).contains(next);
    }

    @Test
    void agreesWithBruteForce() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Duration interval = Duration.ofMillis(1 + random.nextInt(50));
            Duration offset = Duration.ofMillis(random.nextInt(120));
            IntervalSchedule schedule = new IntervalSchedule(ANCHOR, offset, interval);
            NavigableSet<Instant> slots = bruteForce(offset, interval, Duration.ofMillis(600));
            for (int i = 0; i < 50; i++) {
                Instant one = somewhere(random);
                Instant other = somewhere(random);
                String where = "seed " + seed + ", " + schedule + ", " + one + ", " + other;
                assertThat(schedule.latestUntil(one)).as(where).contains(slots.floor(one));
                assertThat(schedule.nextAfter(one)).as(where).contains(slots.higher(one));
                assertThat(schedule.count(one, other))
                        .as(where)
                        .isEqualTo(
                                one.isAfter(other)
                                        ? 0
                                        : slots.subSet(one, false, other, true).size());
            }
        }
    }

    /** Every millisecond is looked at; within reach of the anchor on both sides. */
    private static NavigableSet<Instant> bruteForce(Duration offset, Duration interval, Duration reach) {
        NavigableSet<Instant> slots = new TreeSet<>();
        Instant first = ANCHOR.plus(offset);
        for (long ms = -reach.toMillis(); ms <= reach.toMillis(); ms++) {
            Instant instant = ANCHOR.plusMillis(ms);
            boolean inStep = Duration.between(first, instant).toMillis() % interval.toMillis() == 0;
            if (inStep && (!instant.isBefore(first) || instant.isBefore(ANCHOR))) {
                slots.add(instant);
            }
        }
        return slots;
    }

    private static Instant somewhere(Random random) {
        return ANCHOR.plusMillis(random.nextInt(800) - 400).plusNanos(random.nextInt(1_000_000));
    }

    @Test
    void countsManySlotsWithoutWalkingThem() {
        IntervalSchedule schedule = new IntervalSchedule(ANCHOR, Duration.ZERO, Duration.ofMillis(1));
        assertThat(schedule.count(ANCHOR, ANCHOR.plus(Duration.ofDays(36500)))).isEqualTo(36500L * 86_400_000);
    }

    @Test
    void cutsEverythingToTheMillisecond() {
        assertThat(new IntervalSchedule(
                        ANCHOR.plusNanos(1_999_999), Duration.ofNanos(2_999_999), Duration.ofNanos(3_999_999)))
                .isEqualTo(new IntervalSchedule(ANCHOR.plusMillis(1), Duration.ofMillis(2), Duration.ofMillis(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1H", "PT0.000999999S"})
    void refusesAnIntervalBelowAMillisecond(Duration interval) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IntervalSchedule(ANCHOR, Duration.ZERO, interval))
                .withMessageContaining("interval is " + interval);
    }

    @Test
    void refusesANegativeOffset() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IntervalSchedule(ANCHOR, Duration.ofMillis(-1), Duration.ofHours(1)))
                .withMessageContaining("offset is PT-0.001S");
    }

    @Test
    void rhythmTellsSchedulesApartAndLeavesOutTheAnchor() {
        IntervalSchedule schedule = new IntervalSchedule(ANCHOR, Duration.ofMinutes(5), Duration.ofHours(1));
        assertThat(new IntervalSchedule(ANCHOR.plusSeconds(1), Duration.ofMinutes(5), Duration.ofHours(1)).rhythm())
                .isEqualTo(schedule.rhythm());
        assertThat(List.of(
                        new IntervalSchedule(ANCHOR, Duration.ofMinutes(6), Duration.ofHours(1)).rhythm(),
                        new IntervalSchedule(ANCHOR, Duration.ofMinutes(5), Duration.ofHours(2)).rhythm()))
                .doesNotHaveDuplicates()
                .doesNotContain(schedule.rhythm());
    }
}
