package org.collectionscheduler.cron;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A clock on the wall of a zone, watched tick by tick: slow, and obviously right.
 *
 * <p>An expression with a fixed hour fires at a tick when the clock shows, or has just jumped over, a time that matches
 * and that it has not shown before. One with an hour that begins with {@code *} fires when the clock shows a time that
 * matches.
 */
final class ClockModel {

    private final Instant begin;
    private final int secondsPerTick;
    private final LocalDate firstDay;
    private final int days;

    /** What the clock shows at each tick, in ticks since the first day began. */
    private final int[] shown;

    /** @param secondsPerTick 60 or 1 */
    ClockModel(ZoneId zone, Instant begin, Instant end, int secondsPerTick) {
        this.begin = begin;
        this.secondsPerTick = secondsPerTick;
        this.firstDay = begin.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(2);
        this.days =
                (int) (end.atOffset(ZoneOffset.UTC).toLocalDate().plusDays(2).toEpochDay() - firstDay.toEpochDay());
        this.shown = new int[(int) ((end.getEpochSecond() - begin.getEpochSecond()) / secondsPerTick)];
        long zero = firstDay.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
        for (int tick = 0; tick < shown.length; tick++) {
            long local = LocalDateTime.ofInstant(instant(tick), zone).toEpochSecond(ZoneOffset.UTC);
            shown[tick] = (int) ((local - zero) / secondsPerTick);
        }
    }

    /** The ticks at which the expression fires; the first tick is not known, for what came before it is not. */
    BitSet fired(RandomCron cron) {
        BitSet matches = matches(cron);
        BitSet fired = new BitSet(shown.length);
        int latest = shown[0];
        for (int tick = 1; tick < shown.length; tick++) {
            if (cron.everyRealHour()) {
                fired.set(tick, matches.get(shown[tick]));
            } else {
                while (latest < shown[tick]) {
                    latest++;
                    if (matches.get(latest)) {
                        fired.set(tick);
                    }
                }
            }
        }
        return fired;
    }

    int ticks() {
        return shown.length;
    }

    Instant instant(int tick) {
        return begin.plusSeconds((long) tick * secondsPerTick);
    }

    /** The tick at or before the instant; -1 for null. */
    int tick(@Nullable Instant instant) {
        return instant == null
                ? -1
                : (int) Math.floorDiv(instant.getEpochSecond() - begin.getEpochSecond(), secondsPerTick);
    }

    /** Whether the clock jumps, in either direction, at that tick. */
    boolean jumpsAt(int tick) {
        return tick > 0 && shown[tick] - shown[tick - 1] != 1;
    }

    private BitSet matches(RandomCron cron) {
        int ticksPerDay = 86_400 / secondsPerTick;
        BitSet times = new BitSet(ticksPerDay);
        for (int hour : cron.hours()) {
            for (int minute : cron.minutes()) {
                for (int second : cron.seconds()) {
                    times.set((hour * 3600 + minute * 60 + second) / secondsPerTick);
                }
            }
        }
        BitSet matches = new BitSet(days * ticksPerDay);
        for (int day = 0; day < days; day++) {
            if (cron.days().test(firstDay.plusDays(day))) {
                int from = day * ticksPerDay;
                times.stream().forEach(time -> matches.set(from + time));
            }
        }
        return matches;
    }
}
