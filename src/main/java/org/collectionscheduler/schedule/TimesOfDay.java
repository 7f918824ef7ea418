package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;
import java.util.Set;

/**
 * The times of a day that have one of these hours, one of these minutes and one of these seconds. They are numbered in
 * their order, from 0 on, and found by number without walking them.
 *
 * @param hours bit 0 to bit 23; at least one
 * @param minutes bit 0 to bit 59; at least one
 * @param seconds bit 0 to bit 59; at least one
 */
public record TimesOfDay(long hours, long minutes, long seconds) {

    public TimesOfDay {
        check("hours", hours, 24);
        check("minutes", minutes, 60);
        check("seconds", seconds, 60);
    }

    public static TimesOfDay of(Set<Integer> hours, Set<Integer> minutes, Set<Integer> seconds) {
        return new TimesOfDay(bits(hours), bits(minutes), bits(seconds));
    }

    static TimesOfDay at(LocalTime time) {
        return of(Set.of(time.getHour()), Set.of(time.getMinute()), Set.of(time.getSecond()));
    }

    /** How many there are in a day. */
    int perDay() {
        return Long.bitCount(hours) * perHour();
    }

    /** How many are not later than {@code time}. */
    int countUntil(LocalTime time) {
        int count = below(hours, time.getHour()) * perHour();
        if (contains(hours, time.getHour())) {
            count += below(minutes, time.getMinute()) * Long.bitCount(seconds);
            if (contains(minutes, time.getMinute())) {
                count += below(seconds, time.getSecond() + 1);
            }
        }
        return count;
    }

    /** @param number at least 0, less than {@link #perDay()} */
    LocalTime get(int number) {
        return LocalTime.of(
                nth(hours, number / perHour()),
                nth(minutes, number % perHour() / Long.bitCount(seconds)),
                nth(seconds, number % Long.bitCount(seconds)));
    }

    LocalTime first() {
        return get(0);
    }

    LocalTime last() {
        return get(perDay() - 1);
    }

    /** The least time between two of them in one day; empty when there is only one. */
    Optional<Duration> shortestGap() {
        long secondsSpan = span(seconds);
        long minutesSpan = span(minutes) * 60 + secondsSpan;
        long least = Math.min(
                leastStep(seconds),
                Math.min(leastStep(minutes) * 60 - secondsSpan, leastStep(hours) * 3600 - minutesSpan));
        return perDay() == 1 ? Optional.empty() : Optional.of(Duration.ofSeconds(least));
    }

    private int perHour() {
        return Long.bitCount(minutes) * Long.bitCount(seconds);
    }

    private static void check(String name, long bits, int bound) {
        if (bits == 0 || bits >>> bound != 0) {
            throw new IllegalArgumentException(
                    name + " are " + Long.toBinaryString(bits) + "; at least one is needed, all below " + bound);
        }
    }

    private static long bits(Set<Integer> values) {
        long bits = 0;
        for (int value : values) {
            if (value < 0 || value > 59) {
                throw new IllegalArgumentException("no hour, minute or second is " + value);
            }
            bits |= 1L << value;
        }
        return bits;
    }

    private static boolean contains(long bits, int value) {
        return (bits >>> value & 1) == 1;
    }

    private static int below(long bits, int bound) {
        return Long.bitCount(bits & ((1L << bound) - 1));
    }

    private static int nth(long bits, int number) {
        long left = bits;
        for (int i = 0; i < number; i++) {
            left &= left - 1;
        }
        return Long.numberOfTrailingZeros(left);
    }

    /** From the lowest value to the highest. */
    private static int span(long bits) {
        return 63 - Long.numberOfLeadingZeros(bits) - Long.numberOfTrailingZeros(bits);
    }

    /** Between neighbouring values; more than a day's seconds when there is only one value. */
    private static long leastStep(long bits) {
        long least = 100_000;
        for (long left = bits & (bits - 1); left != 0; left &= left - 1) {
            int value = Long.numberOfTrailingZeros(left);
            long before = bits & ((1L << value) - 1);
            least = Math.min(least, value - (63 - Long.numberOfLeadingZeros(before)));
        }
        return least;
    }
}
