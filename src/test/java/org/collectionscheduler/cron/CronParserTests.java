package org.collectionscheduler.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronParserTests {

    private static final ZoneId UTC = ZoneId.of("UTC");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // five fields are minutes on, six are seconds on
                "5 4 * * *                | 2026-02-01T04:05 2026-02-02T04:05",
                "30 5 4 * * *             | 2026-02-01T04:05:30 2026-02-02T04:05:30",
                "0-2,10/20,*/30 0 0 1 2 * | 2026-02-01T00:00 2026-02-01T00:00:01 2026-02-01T00:00:02 2026-02-01T00:00:10"
                        + " 2026-02-01T00:00:30 2026-02-01T00:00:50 2027-02-01T00:00",
                "5/15 0 * * *             | 2026-02-01T00:05 2026-02-01T00:20 2026-02-01T00:35 2026-02-01T00:50",
                "0 9-17/4 * * *           | 2026-02-01T09:00 2026-02-01T13:00 2026-02-01T17:00 2026-02-02T09:00",
                // names, in either case, and both Sundays
                "0 0 1 jan,JUL *          | 2026-07-01T00:00 2027-01-01T00:00",
                "0 0 * * mon-WED          | 2026-02-02T00:00 2026-02-03T00:00 2026-02-04T00:00 2026-02-09T00:00",
                "0 0 * * 0                | 2026-02-01T00:00 2026-02-08T00:00",
                "0 0 * * 7                | 2026-02-01T00:00 2026-02-08T00:00",
                "0 0 * * SUN-MON          | 2026-02-01T00:00 2026-02-02T00:00 2026-02-08T00:00",
                // steps through the week begin on Sunday, as in Unix
                "0 0 * * */3              | 2026-02-01T00:00 2026-02-04T00:00 2026-02-07T00:00 2026-02-08T00:00",
                // the ends of months
                "0 0 L * *                | 2026-02-28T00:00 2026-03-31T00:00 2026-04-30T00:00",
                "0 0 L-2 * *              | 2026-02-26T00:00 2026-03-29T00:00 2026-04-28T00:00",
                "0 0 LW * *               | 2026-02-27T00:00 2026-03-31T00:00 2026-04-30T00:00 2026-05-29T00:00",
                "0 0 15W * *              | 2026-02-16T00:00 2026-03-16T00:00 2026-04-15T00:00 2026-05-15T00:00",
                "0 0 1W * *               | 2026-02-02T00:00 2026-03-02T00:00 2026-04-01T00:00 2026-05-01T00:00",
                "0 0 * * 5L               | 2026-02-27T00:00 2026-03-27T00:00 2026-04-24T00:00",
                "0 0 * * MON#2            | 2026-02-09T00:00 2026-03-09T00:00 2026-04-13T00:00",
                "0 0 * * FRI#5            | 2026-05-29T00:00 2026-07-31T00:00",
                "0 0 29 2 *               | 2028-02-29T00:00 2032-02-29T00:00",
                // either day field, where both name days
                "0 0 13 * FRI             | 2026-02-06T00:00 2026-02-13T00:00 2026-02-20T00:00 2026-02-27T00:00"
                        + " 2026-03-06T00:00 2026-03-13T00:00",
                "0 0 30 2 MON             | 2026-02-02T00:00 2026-02-09T00:00 2026-02-16T00:00 2026-02-23T00:00"
                        + " 2027-02-01T00:00",
                // both, where one begins with *
                "0 0 */2 * MON            | 2026-02-09T00:00 2026-02-23T00:00 2026-03-09T00:00",
                "0 0 ? * MON              | 2026-02-02T00:00 2026-02-09T00:00",
                "0 0 13 * ?               | 2026-02-13T00:00 2026-03-13T00:00",
                // macros
                "@hourly                  | 2026-02-01T00:00 2026-02-01T01:00",
                "@daily                   | 2026-02-01T00:00 2026-02-02T00:00",
                "@midnight                | 2026-02-01T00:00 2026-02-02T00:00",
                "@weekly                  | 2026-02-01T00:00 2026-02-08T00:00",
                "@Monthly                 | 2026-02-01T00:00 2026-03-01T00:00",
                "@yearly                  | 2027-01-01T00:00 2028-01-01T00:00",
                "@annually                | 2027-01-01T00:00 2028-01-01T00:00"
            })
    void meansTheseTimes(String expression, String times) throws WrongCronException {
        Schedule schedule = new CronParser().parse(expression, UTC).schedule(Instant.EPOCH, Duration.ZERO);
        Instant after = Instant.parse("2026-01-31T23:59:59Z");
        for (String time : times.split(" ")) {
            Instant expected = LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
            assertThat(schedule.nextAfter(after)).contains(expected);
            after = expected;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''               | has 1 field | five fields",
                "* * * *          | has 4 fields | five fields",
                "* * * * * * *    | has 7 fields | five fields",
                "@reboot          | is not known | @hourly",
                "60 * * * *       | has a wrong minute, '60' | 0 to 59",
                "60 0 * * * *     | has a wrong second, '60' | 0 to 59",
                "0 24 * * *       | has a wrong hour, '24' | 0 to 23",
                "0 22-2 * * *     | has a wrong hour, '22-2' | upwards",
                "0 0 0 * *        | has a wrong day of the month, '0' | 1 to 31",
                "0 0 32 * *       | has a wrong day of the month, '32' | 1 to 31",
                "0 0 * 13 *       | has a wrong month, '13' | JAN to DEC",
                "0 0 * FOO *      | has a wrong month, 'FOO' | JAN to DEC",
                "0 0 * * 8        | has a wrong day of the week, '8' | 0 to 7",
                "0 0 * * FRI-MON  | has a wrong day of the week, 'FRI-MON' | upwards",
                "0 0 * * L        | has a wrong day of the week, 'L' | 5L",
                "? 0 * * *        | has a wrong minute, '?' | 0 to 59",
                "1,,2 * * * *     | has a wrong minute, '1,,2' | 1,5",
                "+1 * * * *       | has a wrong minute, '+1' | 0 to 59",
                "\u0663 * * * *   | has a wrong minute, '\u0663' | 0 to 59",
                "*/0 * * * *      | has a wrong minute, '*/0' | */2",
                "*/90 * * * *     | has a step that is longer than the field, '*/90' | 90m",
                "0 */36 * * *     | has a step that is longer than the field, '*/36' | each day",
                "0 0 31W * *      | has a day of the month that not every month has, '31W' | LW",
                "0 0 L-28 * *     | has a day of the month that not every month has, 'L-28' | L-27",
                "0 0 * * SUN-SUN  | has a range from Sunday to Sunday, 'SUN-SUN' | Write SUN",
                "0 0 30 2 *       | never fires | correct its day",
                "0 0 0 30 2 *     | never fires | correct its day",
                "0 0 31 4,6,9,11 * | never fires | correct its day",
                "0 0 * 2 MON#5,x  | has a wrong day of the week, 'MON#5,x' | MON#1"
            })
    void refusesWithARemedy(String expression, String wrong, String remedy) {
        assertThatExceptionOfType(WrongCronException.class)
                .isThrownBy(() -> new CronParser().parse(expression, UTC))
                .satisfies(e -> {
                    assertThat(e.wrong()).isEqualTo(wrong);
                    assertThat(e.remedy()).contains(remedy);
                });
    }

    @Test
    void equalExpressionsShareWhatTheyMean() throws WrongCronException {
        CronParser parser = new CronParser();
        Rhythm.Cron one = parser.parse("0 2 * * MON", UTC);
        Rhythm.Cron other = parser.parse("  0  2 * * MON ", ZoneId.of("Europe/Berlin"));
        Rhythm.Cron sameDays = parser.parse("30 4 * * MON", UTC);
        assertThat(other.pattern()).isSameAs(one.pattern());
        assertThat(sameDays.pattern()).isNotEqualTo(one.pattern());
        assertThat(one.expression()).isEqualTo("0 2 * * MON");
        assertThat(one.schedule(Instant.EPOCH, Duration.ZERO).rhythm())
                .isEqualTo("cron 0 2 * * MON zone UTC offset PT0S");
        assertThat(other.schedule(Instant.EPOCH, Duration.ZERO).rhythm())
                .isEqualTo("cron 0 2 * * MON zone Europe/Berlin offset PT0S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"* * * * * *", "0 * * * *", "0 0 29 2 *", "0 0 13 * FRI", "*/7 1-5 1 * *"})
    void yearsAreNotWalked(String expression) throws WrongCronException {
        Schedule schedule =
                new CronParser().parse(expression, ZoneId.of("Europe/Berlin")).schedule(Instant.EPOCH, Duration.ZERO);
        Instant begin = Instant.parse("1990-01-01T00:00:00Z");
        Instant end = Instant.parse("2090-01-01T00:00:00Z");
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            long started = System.nanoTime();
            assertThat(schedule.count(begin, end)).isPositive();
            assertThat(schedule.latestUntil(end)).isPresent();
            assertThat(schedule.nextAfter(begin)).isPresent();
            nanos.add(System.nanoTime() - started);
        }
        // A century of seconds, walked, would take minutes.
        assertThat(Duration.ofNanos(Collections.min(nanos))).isLessThan(Duration.ofMillis(50));
    }

    @Test
    void everySecondOfADecadeIsCounted() throws WrongCronException {
        Schedule schedule = new CronParser().parse("* * * * * *", UTC).schedule(Instant.EPOCH, Duration.ZERO);
        Instant begin = LocalDate.of(2020, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC);
        assertThat(schedule.count(begin, begin.plusSeconds(315_576_000))).isEqualTo(315_576_000);
    }
}
