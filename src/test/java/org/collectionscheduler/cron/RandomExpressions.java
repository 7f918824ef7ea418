package org.collectionscheduler.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.collectionscheduler.schedule.Schedule;

/** Compares schedules with the clock on the wall, expression by expression. */
final class RandomExpressions {

    /** Longer chains of slots are followed in part; their number is compared as a whole. */
    private static final int FOLLOWED = 1500;

    private static final CronParser PARSER = new CronParser();

    private final ZoneId zone;
    private final ClockModel model;
    private final List<Integer> jumps = new ArrayList<>();
    private int neverFired;

    private RandomExpressions(ZoneId zone, Instant begin, Instant end, int secondsPerTick) {
        this.zone = zone;
        this.model = new ClockModel(zone, begin, end, secondsPerTick);
        for (int tick = 1; tick < model.ticks(); tick++) {
            if (model.jumpsAt(tick)) {
                jumps.add(tick);
            }
        }
    }

    static RandomExpressions minuteByMinute(String zone, int firstYear, int years) {
        return new RandomExpressions(
                ZoneId.of(zone),
                LocalDate.of(firstYear, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC),
                LocalDate.of(firstYear + years, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC),
                60);
    }

    /** The days about one jump of the zone's clocks. */
    static RandomExpressions secondBySecond(String zone, Instant jump) {
        return new RandomExpressions(
                ZoneId.of(zone), jump.minus(Duration.ofHours(40)), jump.plus(Duration.ofHours(40)), 1);
    }

    /** How many never fired, and were refused for that. */
    int neverFired() {
        return neverFired;
    }

    void checkMinutes(long seed) {
        Random random = new Random(seed);
        check(RandomCron.ofMinutes(random), random, "seed " + seed);
    }

    void checkSeconds(long seed) {
        Random random = new Random(seed);
        check(RandomCron.ofSeconds(random), random, "seed " + seed);
    }

    private void check(RandomCron cron, Random random, String where) {
        BitSet fired = model.fired(cron);
        String what = where + ", " + cron.text() + " in " + zone;
        Schedule schedule;
        try {
            schedule = PARSER.parse(cron.text(), zone).schedule(Instant.EPOCH, Duration.ZERO);
        } catch (WrongCronException e) {
            assertThat(e.wrong()).as(what).isEqualTo("never fires");
            assertThat(fired.isEmpty()).as(what).isTrue();
            neverFired++;
            return;
        }
        follow(schedule, fired, random, what);
        count(schedule, fired, random, what);
        for (int i = 0; i < 40; i++) {
            lookAround(schedule, fired, 1 + random.nextInt(model.ticks() - 2), random, what);
        }
        for (int jump : jumps) {
            int near = jump + random.nextInt(480) - 240;
            if (near > 0 && near < model.ticks() - 1) {
                lookAround(schedule, fired, near, random, what);
            }
        }
    }

    private void follow(Schedule schedule, BitSet fired, Random random, String what) {
        int from = fired.cardinality() <= FOLLOWED ? 0 : random.nextInt(model.ticks());
        Instant slot = model.instant(from);
        for (int i = 0; i < FOLLOWED; i++) {
            int expected = fired.nextSetBit(model.tick(slot) + 1);
            Instant next = schedule.nextAfter(slot).orElse(Instant.MAX);
            if (expected < 0) {
                assertThat(model.tick(next)).as(what + " after " + slot).isGreaterThanOrEqualTo(model.ticks());
                return;
            }
            if (!next.equals(model.instant(expected))) {
                assertThat(next).as(what + " after " + slot).isEqualTo(model.instant(expected));
            }
            slot = next;
        }
    }

    private void count(Schedule schedule, BitSet fired, Random random, String what) {
        Instant begin = model.instant(0);
        Instant end = model.instant(model.ticks() - 1);
        assertThat(schedule.count(begin, end)).as(what).isEqualTo(fired.cardinality());
        int one = random.nextInt(model.ticks());
        int other = one + random.nextInt(model.ticks() - one);
        assertThat(schedule.count(model.instant(one), model.instant(other)))
                .as("%s from %s to %s", what, model.instant(one), model.instant(other))
                .isEqualTo(fired.get(one + 1, other + 1).cardinality());
        assertThat(schedule.count(model.instant(other).plusMillis(1), model.instant(one)))
                .as(what)
                .isZero();
    }

    private void lookAround(Schedule schedule, BitSet fired, int tick, Random random, String what) {
        Instant instant = model.instant(tick).plusMillis(random.nextInt(3) * 499L);
        int next = fired.nextSetBit(tick + 1);
        int latest = fired.previousSetBit(tick);
        Instant actualNext = schedule.nextAfter(instant).orElse(Instant.MAX);
        Instant actualLatest = schedule.latestUntil(instant).orElse(Instant.MIN);
        if (next >= 0 ? !actualNext.equals(model.instant(next)) : model.tick(actualNext) < model.ticks()) {
            assertThat(actualNext)
                    .as(what + " next after " + instant)
                    .isEqualTo(next >= 0 ? model.instant(next) : Instant.MAX);
        }
        if (latest >= 0 ? !actualLatest.equals(model.instant(latest)) : model.tick(actualLatest) > 0) {
            assertThat(actualLatest)
                    .as(what + " latest until " + instant)
                    .isEqualTo(latest >= 0 ? model.instant(latest) : Instant.MIN);
        }
    }
}
