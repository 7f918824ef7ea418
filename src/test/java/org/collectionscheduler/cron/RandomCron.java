package org.collectionscheduler.cron;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A cron expression made at random, together with what it means, which is known from how it was made and not by reading
 * it.
 *
 * @param days what both day fields and the month mean together
 */
record RandomCron(
        String text,
        Set<Integer> seconds,
        Set<Integer> minutes,
        Set<Integer> hours,
        boolean everyRealHour,
        Predicate<LocalDate> days) {

    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    private record Values(String text, Set<Integer> values) {}

    private record Days(String text, Predicate<LocalDate> contains) {
        boolean open() {
            return text.startsWith("*") || text.equals("?");
        }
    }

    /** With five fields. */
    static RandomCron ofMinutes(Random random) {
        return of(random, new Values("", Set.of(0)));
    }

    /** With six fields. */
    static RandomCron ofSeconds(Random random) {
        return of(random, values(random, 0, 59));
    }

    private static RandomCron of(Random random, Values seconds) {
        Values minutes = values(random, 0, 59);
        Values hours = values(random, 0, 23);
        Days ofMonth = random.nextBoolean() ? any(random) : daysOfMonth(random);
        Values months = random.nextInt(3) > 0 ? new Values("*", range(1, 12, 1)) : months(random);
        Days ofWeek = random.nextBoolean() ? any(random) : daysOfWeek(random);
        Predicate<LocalDate> both = ofMonth.open() || ofWeek.open()
                ? ofMonth.contains().and(ofWeek.contains())
                : ofMonth.contains().or(ofWeek.contains());
        String text = String.join(
                        " ", seconds.text(), minutes.text(), hours.text(), ofMonth.text(), months.text(), ofWeek.text())
                .strip();
        return new RandomCron(
                text,
                seconds.values(),
                minutes.values(),
                hours.values(),
                hours.text().startsWith("*"),
                both.and(date -> months.values().contains(date.getMonthValue())));
    }

    private static Values values(Random random, int least, int greatest) {
        int one = least + random.nextInt(greatest - least + 1);
        int other = one + random.nextInt(greatest - one + 1);
        int step = 1 + random.nextInt(Math.min(12, greatest));
        return switch (random.nextInt(7)) {
            case 0 -> new Values("*", range(least, greatest, 1));
            case 1 -> new Values("*/" + step, range(least, greatest, step));
            case 2 -> new Values(one + "-" + other, range(one, other, 1));
            case 3 -> new Values(one + "-" + other + "/" + step, range(one, other, step));
            case 4 -> new Values(one + "/" + step, range(one, greatest, step));
            case 5 -> list(random, least, greatest);
            default -> new Values(Integer.toString(one), Set.of(one));
        };
    }

    private static Values list(Random random, int least, int greatest) {
        List<String> texts = new ArrayList<>();
        Set<Integer> all = new TreeSet<>();
        for (int i = 0; i < 2 + random.nextInt(3); i++) {
            int value = least + random.nextInt(greatest - least + 1);
            texts.add(Integer.toString(value));
            all.add(value);
        }
        return new Values(String.join(",", texts), all);
    }

    private static Values months(Random random) {
        Values months = values(random, 1, 12);
        if (!months.text().matches("\\d+") || random.nextBoolean()) {
            return months;
        }
        String name = MONTHS.get(Integer.parseInt(months.text()) - 1);
        return new Values(random.nextBoolean() ? name : name.toLowerCase(Locale.ROOT), months.values());
    }

    private static Days any(Random random) {
        return new Days(random.nextInt(4) == 0 ? "?" : "*", date -> true);
    }

    private static Days daysOfMonth(Random random) {
        int back = 1 + random.nextInt(27);
        int near = 1 + random.nextInt(28);
        return switch (random.nextInt(8)) {
            case 0 -> new Days("L", date -> date.getDayOfMonth() == date.lengthOfMonth());
            case 1 -> new Days("L-" + back, date -> date.getDayOfMonth() == date.lengthOfMonth() - back);
            case 2 -> new Days("LW", date -> date.equals(lastWeekday(YearMonth.from(date))));
            case 3 -> new Days(near + "W", date -> date.equals(nearestWeekday(YearMonth.from(date), near)));
            default -> {
                Values values = values(random, 1, 31);
                yield new Days(values.text(), date -> values.values().contains(date.getDayOfMonth()));
            }
        };
    }

    private static Days daysOfWeek(Random random) {
        DayOfWeek day = DayOfWeek.of(1 + random.nextInt(7));
        String name = name(random, day);
        int number = 1 + random.nextInt(5);
        return switch (random.nextInt(6)) {
            case 0 -> new Days(name + "L", date -> date.getDayOfWeek() == day && inLastWeek(date));
            case 1 ->
                new Days(
                        name + "#" + number,
                        date -> date.getDayOfWeek() == day && (date.getDayOfMonth() + 6) / 7 == number);
            case 2 -> new Days(name, date -> date.getDayOfWeek() == day);
            default -> {
                // Seven is Sunday, and so is zero; a range from Sunday to Sunday is refused.
                Values values = values(random, 0, 7);
                if (values.text().startsWith("7-7")) {
                    values = new Values("7", Set.of(7));
                }
                Set<Integer> numbers = values.values();
                yield new Days(
                        values.text(),
                        date -> numbers.contains(date.getDayOfWeek().getValue())
                                || numbers.contains(0) && date.getDayOfWeek() == DayOfWeek.SUNDAY);
            }
        };
    }

    private static String name(Random random, DayOfWeek day) {
        String name = day.name().substring(0, 3);
        return switch (random.nextInt(3)) {
            case 0 -> Integer.toString(day.getValue());
            case 1 -> name;
            default -> name.toLowerCase(Locale.ROOT);
        };
    }

    private static boolean inLastWeek(LocalDate date) {
        return date.getDayOfMonth() > date.lengthOfMonth() - 7;
    }

    private static LocalDate lastWeekday(YearMonth month) {
        LocalDate day = month.atEndOfMonth();
        while (isWeekend(day)) {
            day = day.minusDays(1);
        }
        return day;
    }

    /** The weekday of the month that is fewest days away. */
    private static LocalDate nearestWeekday(YearMonth month, int day) {
        for (int away = 0; ; away++) {
            for (int candidate : new int[] {day - away, day + away}) {
                if (month.isValidDay(candidate) && !isWeekend(month.atDay(candidate))) {
                    return month.atDay(candidate);
                }
            }
        }
    }

    private static boolean isWeekend(LocalDate date) {
        return date.getDayOfWeek().getValue() > 5;
    }

    private static Set<Integer> range(int from, int to, int step) {
        Set<Integer> range = new TreeSet<>();
        for (int value = from; value <= to; value += step) {
            range.add(value);
        }
        return range;
    }
}
