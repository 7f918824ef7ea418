package org.collectionscheduler.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** Durations as operators write them: {@code 45s}, {@code 30m}, {@code 6h}, {@code 1d}, or ISO-8601. */
public final class Durations {

    public static final String REMEDY = "Write a duration such as 45s, 30m, 6h, 1d or PT6H";

    /** Far beyond any use, and far from the overflow of milliseconds and nanoseconds in a long. */
    private static final Duration LONGEST = Duration.ofDays(36500);

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final Pattern BARE_NUMBER = Pattern.compile("[+-]?\\d+");

    private Durations() {}

    /** Empty when {@code text} is not a duration with a unit. */
    public static Optional<Duration> parse(String text) {
        if (BARE_NUMBER.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(DurationStyle.detectAndParse(text));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Reports {@code value} unless it is longer than zero and within a hundred years. */
    public static void checkPositive(String key, @Nullable Duration value, Consumer<Problem> problems) {
        if (value != null && (value.compareTo(SHORTEST) < 0)) {
            problems.accept(new Problem(key, text(value), "must be at least a millisecond", REMEDY));
        } else {
            checkLongest(key, value, problems);
        }
    }

    /** Reports {@code value} unless it is zero or longer and within a hundred years. */
    public static void checkNotNegative(String key, @Nullable Duration value, Consumer<Problem> problems) {
        if (value != null && value.isNegative()) {
            problems.accept(new Problem(key, text(value), "must not be negative", REMEDY));
        } else {
            checkLongest(key, value, problems);
        }
    }

    private static void checkLongest(String key, @Nullable Duration value, Consumer<Problem> problems) {
        if (value != null && value.compareTo(LONGEST) > 0) {
            problems.accept(new Problem(key, text(value), "must not be longer than 36500 days", REMEDY));
        }
    }

    /** As an operator would write it: {@code 90m} rather than {@code PT1H30M}. */
    public static String text(Duration value) {
        if (value.getNano() % 1_000_000 != 0) {
            return value.toString();
        }
        if (value.getNano() != 0) {
            return value.abs().compareTo(LONGEST) > 0 ? value.toString() : value.toMillis() + "ms";
        }
        long seconds = value.getSeconds();
        if (seconds != 0 && seconds % 86400 == 0) {
            return seconds / 86400 + "d";
        }
        if (seconds != 0 && seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
