package org.collectionscheduler.cron;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.scheduling.support.CronExpression;

/** The fields of an expression, in their order, each understood without the others. */
enum CronField {
    SECOND("second", "0 to 59", 59),
    MINUTE("minute", "0 to 59", 59),
    HOUR("hour", "0 to 23", 23),
    DAY_OF_MONTH("day of the month", "1 to 31, L (the last), L-1 to L-27, LW (the last weekday) or 1W to 28W", 31),
    MONTH("month", "1 to 12 or JAN to DEC", 12),
    DAY_OF_WEEK("day of the week", "0 to 7 (0 and 7 are Sunday), MON to SUN, 5L (the last Friday) or MON#1", 7);

    private static final String ALL = "* * * * * *";

    private static final Pattern WELL_FORMED = Pattern.compile("\\?|[0-9A-Za-z*#/,-]+");

    private static final Pattern STEP = Pattern.compile("/(\\d{1,9})");

    /**
     * The library takes the nearest weekday out of the month, and counts back from the end of a month that is not long
     * enough, in ways of its own.
     */
    private static final Pattern NOT_IN_EVERY_MONTH = Pattern.compile("(29|30|31)W|L-(2[89]|[3-9]\\d|\\d{3,})");

    private final String word;
    private final String values;
    private final int greatest;

    /** Which the library takes for the whole week. */
    private static final Pattern SUNDAY_TO_SUNDAY = Pattern.compile("\\b(7|SUN)-(7|SUN)\\b");

    /** Steps through the whole week begin on Monday in the library, on Sunday in Unix. */
    private static final Pattern WEEK_IN_STEPS = Pattern.compile("(^|,)(\\*|0|SUN)/");

    CronField(String word, String values, int greatest) {
        this.word = word;
        this.values = values;
        this.greatest = greatest;
    }

    /** @throws WrongCronException when {@code text} cannot stand in this field */
    void check(String text) throws WrongCronException {
        if (!WELL_FORMED.matcher(text).matches() || !isUnderstood(text)) {
            throw new WrongCronException(
                    "has a wrong " + word + ", '" + text + "'",
                    "The " + word + " is " + values
                            + "; or *, a list 1,5, a range 1-5 (upwards), or a step */2, 1-5/2");
        }
        Matcher step = STEP.matcher(text);
        while (step.find()) {
            if (Integer.parseInt(step.group(1)) > greatest) {
                throw new WrongCronException(
                        "has a step that is longer than the field, '" + text + "'",
                        "A step begins anew with each " + parent() + "; write an interval such as 90m instead");
            }
        }
        String upper = text.toUpperCase(Locale.ROOT);
        if (this == DAY_OF_WEEK && SUNDAY_TO_SUNDAY.matcher(upper).find()) {
            throw new WrongCronException(
                    "has a range from Sunday to Sunday, '" + text + "'", "Write SUN for Sundays, * for the whole week");
        }
        if (this == DAY_OF_MONTH && NOT_IN_EVERY_MONTH.matcher(upper).find()) {
            throw new WrongCronException(
                    "has a day of the month that not every month has, '" + text + "'",
                    "Use LW for the last weekday, L for the last day, or a day up to 28W or L-27");
        }
    }

    /** The values of a checked text, for seconds, minutes and hours. */
    Set<Integer> values(String text) {
        ChronoUnit span = this == SECOND ? ChronoUnit.MINUTES : this == MINUTE ? ChronoUnit.HOURS : ChronoUnit.DAYS;
        ToIntFunction<LocalDateTime> value = this == SECOND
                ? LocalDateTime::getSecond
                : this == MINUTE ? LocalDateTime::getMinute : LocalDateTime::getHour;
        CronExpression expression = expression(text);
        LocalDateTime begin = LocalDateTime.of(2000, 1, 1, 0, 0);
        LocalDateTime end = begin.plus(1, span);
        Set<Integer> values = new TreeSet<>();
        LocalDateTime next = expression.next(begin.minusSeconds(1));
        while (next != null && next.isBefore(end)) {
            values.add(value.applyAsInt(next));
            next = expression.next(next);
        }
        return values;
    }

    /** The text as the library is to read it, which means to the library what {@code text} means here. */
    String forLibrary(String text) {
        return this == DAY_OF_WEEK
                ? WEEK_IN_STEPS.matcher(text.toUpperCase(Locale.ROOT)).replaceAll("$10-6/")
                : text;
    }

    /** Whether it may leave the choice to the other field of days: it begins with {@code *}, or is {@code ?}. */
    static boolean isOpen(String text) {
        return text.startsWith("*") || text.equals("?");
    }

    private boolean isUnderstood(String text) {
        try {
            expression(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** This field, smaller ones at 0 and greater ones at any value. */
    private CronExpression expression(String text) {
        String[] fields = ALL.split(" ");
        for (int smaller = 0; smaller < Math.min(ordinal(), DAY_OF_MONTH.ordinal()); smaller++) {
            fields[smaller] = "0";
        }
        fields[ordinal()] = forLibrary(text);
        return CronExpression.parse(String.join(" ", fields));
    }

    private String parent() {
        return switch (this) {
            case SECOND -> "minute";
            case MINUTE -> "hour";
            case HOUR -> "day";
            case DAY_OF_MONTH -> "month";
            case MONTH -> "year";
            case DAY_OF_WEEK -> "week";
        };
    }
}
