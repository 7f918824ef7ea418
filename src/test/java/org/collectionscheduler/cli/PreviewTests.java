package org.collectionscheduler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.QuietTimes.Slots;
import org.collectionscheduler.schedule.QuietWindows;
import org.collectionscheduler.schedule.Rhythm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as it is called, without a collection's name: it starts no context. */
class PreviewTests {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant STAMP = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void showsLocalTimeAndUtcAndWhatDaylightSavingMoved() {
        assertThat(run("--cron|30 2 * * *|--zone|Europe/Berlin|--count|3|--from|2026-03-28T00:00"))
                .isEqualTo("""
                        cron '30 2 * * *' in Europe/Berlin
                        local time in Europe/Berlin     UTC
                        Sat 2026-03-28 02:30:00 +01:00  2026-03-28T01:30:00Z
                        Sun 2026-03-29 03:00:00 +02:00  2026-03-29T01:00:00Z  moved: clocks skip 02:30 that day
                        Mon 2026-03-30 02:30:00 +02:00  2026-03-30T00:30:00Z
                        """);
    }

    @Test
    void marksTimesThatComeTwice() {
        assertThat(run("--cron|30 * * * *|--zone|Europe/Berlin|--count|3|--from|2026-10-25T02:30+02:00"))
                .isEqualTo("""
                        cron '30 * * * *' in Europe/Berlin
                        local time in Europe/Berlin     UTC
                        Sun 2026-10-25 02:30:00 +02:00  2026-10-25T00:30:00Z  first 02:30 of two that day
                        Sun 2026-10-25 02:30:00 +01:00  2026-10-25T01:30:00Z  second 02:30 of two that day
                        Sun 2026-10-25 03:30:00 +01:00  2026-10-25T02:30:00Z
                        """);
    }

    @Test
    void knowsEveryKind() {
        assertThat(run("--weekly|MON, Tue 18:00|--count|2|--from|2026-03-28T00:00Z"))
                .isEqualTo("""
                        weekly MON,TUE 18:00 in UTC
                        local time in UTC               UTC
                        Mon 2026-03-30 18:00:00 +00:00  2026-03-30T18:00:00Z
                        Tue 2026-03-31 18:00:00 +00:00  2026-03-31T18:00:00Z
                        """);
        assertThat(run("--interval|90m|--count|2|--from|2026-03-28T00:00Z")).isEqualTo("""
                        every 90m
                        local time in UTC               UTC
                        Sat 2026-03-28 00:00:00 +00:00  2026-03-28T00:00:00Z
                        Sat 2026-03-28 01:30:00 +00:00  2026-03-28T01:30:00Z
                        """);
        assertThat(run("--at|2026-07-01T18:00|--zone|Europe/Berlin|--from|2026-03-28T00:00Z"))
                .isEqualTo("""
                        once at 2026-07-01T16:00:00Z
                        local time in Europe/Berlin     UTC
                        Wed 2026-07-01 18:00:00 +02:00  2026-07-01T16:00:00Z
                        """);
        assertThat(run("--at|2026-07-01T18:00Z|--from|2026-08-01T00:00Z"))
                .isEqualTo("once at 2026-07-01T18:00:00Z\nno time from 2026-08-01T00:00:00Z on\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--cron|0 25 * * *",
                "--cron|0 2 * * *|--zone|Mars",
                "--cron|0 2 * * *|--interval|6h",
                "--cron|0 2 * * *|--count|0",
                "--cron|0 2 * * *|--from|soon",
                "--weekly|18:00",
                "--interval|6",
                "--interval|0s",
                "--at|2026-03-29T02:30|--zone|Europe/Berlin",
                "--nonsense",
                "nightly|--zone|Mars",
                "nightly|--from|soon"
            })
    void refusesWithExitCodeTwo(String options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(execute(out, options)).isEqualTo(Commands.WRONG_USAGE);
        assertThat(out.size()).isZero();
    }

    @Test
    void aCalendarIsSubscribable() {
        String calendar = run("--weekly|SUN 02:30|--zone|Europe/Berlin|--count|2|--from|2026-03-28T00:00Z|--ical");
        assertThat(calendar).endsWith("END:VCALENDAR\r\n");
        assertThat(calendar.replace("\r\n", "")).doesNotContain("\n", "\r");
        List<String> lines = List.of(calendar.split("\r\n"));
        assertThat(lines)
                .startsWith("BEGIN:VCALENDAR", "VERSION:2.0")
                .contains("DTSTART:20260329T010000Z", "DTSTART:20260405T003000Z")
                .contains("SUMMARY:weekly SUN 02:30 in Europe/Berlin")
                .contains("DESCRIPTION:2026-03-29T03:00+02:00\\nmoved: clocks skip 02:30 that day");
        assertThat(lines).filteredOn("BEGIN:VEVENT"::equals).hasSize(2);
        assertThat(lines).filteredOn("END:VEVENT"::equals).hasSize(2);
        assertThat(uids(calendar)).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void anEventKeepsItsIdentity() {
        Preview preview = preview("nightly", QuietTimes.NONE);
        List<String> one = uids(ICalendar.of(preview, STAMP, 5, STAMP));
        List<String> later = uids(ICalendar.of(preview, STAMP.plus(Duration.ofDays(7)), 5, STAMP.plusSeconds(1)));
        assertThat(later.subList(0, 4)).isEqualTo(one.subList(1, 5));
        assertThat(uids(ICalendar.of(preview("other", QuietTimes.NONE), STAMP, 5, STAMP)))
                .doesNotContainAnyElementsOf(one);
    }

    @Test
    void longLinesAreFoldedBetweenCharactersAndTextIsEscaped() {
        String wide = "\u00e4\u20ac\ud83d\ude00".repeat(40);
        String calendar = ICalendar.of(preview("a,b;c\\d\ne " + wide, QuietTimes.NONE), STAMP, 1, STAMP);
        assertThat(calendar.split("\r\n"))
                .allSatisfy(line ->
                        assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(75));
        assertThat(calendar.replace("\r\n ", "")).contains("SUMMARY:a\\,b\\;c\\\\d\\ne " + wide + "\r\n");
    }

    @Test
    void marksWhatIsQuiet() {
        QuietTimes quiet = QuietWindows.of(
                List.of(day("2026-01-05T00:00:00Z", Slots.SKIP), day("2026-01-12T00:00:00Z", Slots.HOLD)));
        assertThat(preview("x", quiet).slots(STAMP, 3))
                .extracting(Preview.Slot::note)
                .containsExactly("quiet: skipped", "quiet: held until 2026-01-13T01:00+01:00", "");
    }

    private static QuietTimes day(String from, Slots slots) {
        return QuietWindows.once(Instant.parse(from), Instant.parse(from).plus(Duration.ofDays(1)), slots);
    }

    private static Preview preview(String title, QuietTimes quiet) {
        Rhythm mondays = new Rhythm.Weekly(Set.of(DayOfWeek.MONDAY), LocalTime.NOON, BERLIN);
        return new Preview(title, mondays.schedule(Instant.EPOCH, Duration.ZERO), BERLIN, quiet);
    }

    private static List<String> uids(String calendar) {
        return calendar.lines().filter(line -> line.startsWith("UID:")).toList();
    }

    private static String run(String options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(execute(out, options)).isEqualTo(Commands.DONE);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** @param options separated by bars */
    private static int execute(ByteArrayOutputStream out, String options) {
        String[] arguments = ("preview" + (options.isEmpty() ? "" : "|" + options)).split("\\|");
        return Commands.execute(
                CommandLineArguments.of(arguments),
                () -> {
                    throw new AssertionError("no context is needed");
                },
                new PrintStream(out, true, StandardCharsets.UTF_8));
    }
}
