package org.collectionscheduler.cron;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.collectionscheduler.schedule.DayPattern;
import org.collectionscheduler.schedule.LocalPattern;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.TimesOfDay;
import org.springframework.scheduling.support.CronExpression;

/**
 * Reads cron expressions of five fields, as in Unix, or six, with seconds first.
 *
 * <p>Where the two fields of days both name some, either will do; a field that begins with {@code *} or is {@code ?} must
 * be met together with the other. {@code 5/15} means from 5 on, every 15. What one parser has compiled it shares between
 * all that ask for it, from any thread, for as long as the parser lives.
 */
public final class CronParser {

    private static final Map<String, String> MACROS = Map.of(
            "@hourly", "0 0 * * * *",
            "@daily", "0 0 0 * * *",
            "@midnight", "0 0 0 * * *",
            "@weekly", "0 0 0 * * 0",
            "@monthly", "0 0 0 1 * *",
            "@yearly", "0 0 0 1 1 *",
            "@annually", "0 0 0 1 1 *");

    private final Map<String, LocalPattern> patterns = new ConcurrentHashMap<>();
    private final Map<String, DayPattern> days = new ConcurrentHashMap<>();

    /**
     * The rhythm of the expression in that zone.
     *
     * @throws WrongCronException when it is not an expression, or never fires
     */
    public Rhythm.Cron parse(String expression, ZoneId zone) throws WrongCronException {
        String written = expression.strip().replaceAll("\\s+", " ");
        String[] fields = fields(written);
        String key = String.join(" ", fields);
        LocalPattern pattern = patterns.get(key);
        if (pattern == null) {
            pattern = compile(fields);
            patterns.put(key, pattern);
        }
        boolean everyRealHour = fields[CronField.HOUR.ordinal()].startsWith("*");
        return new Rhythm.Cron(written, pattern, everyRealHour, zone);
    }

    private static String[] fields(String written) throws WrongCronException {
        if (written.startsWith("@")) {
            String meaning = MACROS.get(written.toLowerCase(Locale.ROOT));
            if (meaning == null) {
                throw new WrongCronException(
                        "is not known", "There are @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually");
            }
            return meaning.split(" ");
        }
        int count = written.split(" ").length;
        if (count != 5 && count != 6) {
            throw new WrongCronException(
                    "has " + count + (count == 1 ? " field" : " fields"),
                    "Write five fields (minute, hour, day of the month, month, day of the week), or six with the second"
                            + " first");
        }
        return (count == 5 ? "0 " + written : written).split(" ");
    }

    private LocalPattern compile(String[] fields) throws WrongCronException {
        for (CronField field : CronField.values()) {
            field.check(text(field, fields));
        }
        DayPattern days = days(fields);
        if (days.isEmpty()) {
            throw new WrongCronException("never fires", "No year has such a day; correct its day or its month");
        }
        return new LocalPattern(
                days,
                TimesOfDay.of(
                        values(CronField.HOUR, fields),
                        values(CronField.MINUTE, fields),
                        values(CronField.SECOND, fields)));
    }

    private DayPattern days(String[] fields) {
        String ofMonth = text(CronField.DAY_OF_MONTH, fields);
        String ofWeek = text(CronField.DAY_OF_WEEK, fields);
        String month = text(CronField.MONTH, fields);
        DayPattern one = days.computeIfAbsent(ofMonth + " " + month + " *", CronParser::days);
        DayPattern other =
                days.computeIfAbsent("* " + month + " " + CronField.DAY_OF_WEEK.forLibrary(ofWeek), CronParser::days);
        return CronField.isOpen(ofMonth) || CronField.isOpen(ofWeek) ? one.and(other) : one.or(other);
    }

    /** The days that the library finds in each kind of year. */
    private static DayPattern days(String fields) {
        CronExpression midnights = CronExpression.parse("0 0 0 " + fields);
        Set<LocalDate> days = new HashSet<>();
        for (Year year : DayPattern.representativeYears()) {
            LocalDateTime before = year.atDay(1).atStartOfDay().minusSeconds(1);
            LocalDateTime next = midnights.next(before);
            while (next != null && next.getYear() == year.getValue()) {
                if (!next.isAfter(before)) {
                    throw new IllegalStateException("'" + fields + "' has no next day after " + before);
                }
                days.add(next.toLocalDate());
                before = next;
                next = midnights.next(before);
            }
        }
        return DayPattern.where(days::contains);
    }

    private static Set<Integer> values(CronField field, String[] fields) {
        return field.values(text(field, fields));
    }

    private static String text(CronField field, String[] fields) {
        return fields[field.ordinal()];
    }
}
