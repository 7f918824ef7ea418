package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.collectionscheduler.schedule.QuietTimes.Quiet;
import org.collectionscheduler.schedule.QuietTimes.Slots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietWindowsTests {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        // an ordinary night, and those in which clocks change: the clocks show 22:00 and 06:00
        "22:00, PT8H, 2026-02-07T22:00+01:00, 2026-02-08T06:00+01:00",
        "22:00, PT8H, 2026-03-28T22:00+01:00, 2026-03-29T06:00+02:00",
        "22:00, PT8H, 2026-10-24T22:00+02:00, 2026-10-25T06:00+01:00",
        // what begins or ends in a gap, and in an overlap
        "02:30, PT1H, 2026-03-29T03:00+02:00, 2026-03-29T03:30+02:00",
        "01:30, PT1H, 2026-03-29T01:30+01:00, 2026-03-29T03:00+02:00",
        "02:30, PT1H, 2026-10-25T02:30+02:00, 2026-10-25T03:30+01:00",
        "02:30, PT15M, 2026-10-25T02:30+02:00, 2026-10-25T02:45+01:00",
        "01:30, PT1H, 2026-10-25T01:30+02:00, 2026-10-25T02:30+01:00"
    })
    void aWeeklyWindowGoesByTheClocks(LocalTime time, Duration duration, OffsetDateTime from, OffsetDateTime until) {
        QuietTimes window = QuietWindows.weekly(EnumSet.allOf(DayOfWeek.class), time, duration, BERLIN, Slots.SKIP);
        Quiet expected = new Quiet(from.toInstant(), until.toInstant(), Slots.SKIP);
        assertThat(window.at(from.toInstant())).contains(expected);
        assertThat(window.at(until.toInstant().minusMillis(1))).contains(expected);
        assertThat(window.at(from.toInstant().minusMillis(1))).isEmpty();
        assertThat(window.at(until.toInstant())).isEmpty();
    }

    @Test
    void aWindowThatLiesInAGapIsNone() {
        QuietTimes window = QuietWindows.weekly(
                Set.of(DayOfWeek.SUNDAY), LocalTime.of(2, 15), Duration.ofMinutes(30), BERLIN, Slots.SKIP);
        assertThat(window.at(Instant.parse("2026-03-29T00:59:59Z"))).isEmpty();
        assertThat(window.at(Instant.parse("2026-03-29T01:00:00Z"))).isEmpty();
        assertThat(window.at(Instant.parse("2026-04-05T00:20:00Z"))).isPresent();
    }

    @Test
    void aWeeklyWindowIsOnItsDaysOnly() {
        QuietTimes window = QuietWindows.weekly(
                Set.of(DayOfWeek.SATURDAY), LocalTime.of(22, 0), Duration.ofHours(8), BERLIN, Slots.HOLD);
        assertThat(window.at(Instant.parse("2026-02-07T22:00:00Z"))).isPresent();
        assertThat(window.at(Instant.parse("2026-02-08T04:00:00Z"))).isPresent();
        assertThat(window.at(Instant.parse("2026-02-08T22:00:00Z"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // windows, the minute that is looked at, from, until, what becomes of slots
                "10-20s                | 15 | 10 | 20 | SKIP",
                "10-20s                | 10 | 10 | 20 | SKIP",
                "10-20s 20-30s         | 15 | 10 | 30 | SKIP",
                "10-20s 15-30s 28-40s  | 12 | 10 | 40 | SKIP",
                "10-20s 15-30s 28-40s  | 39 | 10 | 40 | SKIP",
                "10-20s 21-30s         | 15 | 10 | 20 | SKIP",
                "10-40h 15-20h         | 30 | 10 | 40 | HOLD",
                "10-20h 20-30h         | 15 | 10 | 30 | HOLD",
                // held until nothing is quiet any more; skipped only where a window says so
                "10-20h 20-30s         | 15 | 10 | 30 | HOLD",
                "10-20h 20-30s         | 25 | 20 | 30 | SKIP",
                "10-30h 15-20s         | 17 | 15 | 20 | SKIP",
                "10-30h 15-20s         | 12 | 10 | 30 | HOLD",
                "10-20s 20-30h         | 15 | 10 | 20 | SKIP",
                "10-20s 15-30h 30-40s  | 25 | 10 | 40 | HOLD"
            })
    void whatTouchesIsLeftTogether(String windows, int minute, int from, int until, Slots slots) {
        List<QuietTimes> all = List.of(windows.split(" ")).stream()
                .map(QuietWindowsTests::window)
                .toList();
        assertThat(QuietWindows.of(all).at(minute(minute))).contains(new Quiet(minute(from), minute(until), slots));
    }

    @Test
    void elsewhereNothingIsQuiet() {
        QuietTimes quiet = QuietWindows.of(List.of(window("10-20s"), window("21-30h")));
        assertThat(quiet.at(minute(9))).isEmpty();
        assertThat(quiet.at(minute(20))).isEmpty();
        assertThat(quiet.at(minute(30))).isEmpty();
        assertThat(QuietWindows.of(List.of())).isSameAs(QuietTimes.NONE);
    }

    @Test
    void whatNeverEndsIsLeftSomeTime() {
        QuietTimes always = QuietWindows.of(List.of(QuietWindows.weekly(
                EnumSet.allOf(DayOfWeek.class), LocalTime.MIDNIGHT, Duration.ofDays(1), BERLIN, Slots.HOLD)));
        Instant now = Instant.parse("2026-02-07T12:00:00Z");
        assertThat(always.at(now))
                .hasValueSatisfying(quiet -> assertThat(quiet.until())
                        .isAfter(now.plus(Duration.ofDays(365)))
                        .isBefore(now.plus(Duration.ofDays(3650))));
    }

    @Test
    void refusesWhatIsNoWindow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuietWindows.once(minute(2), minute(2), Slots.SKIP))
                .withMessageContaining("no instant");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuietWindows.weekly(
                        Set.of(DayOfWeek.MONDAY), LocalTime.NOON, Duration.ofDays(8), BERLIN, Slots.SKIP))
                .withMessageContaining("duration is PT192H");
    }

    private static QuietTimes window(String text) {
        String[] bounds = text.substring(0, text.length() - 1).split("-");
        return QuietWindows.once(
                minute(Integer.parseInt(bounds[0])),
                minute(Integer.parseInt(bounds[1])),
                text.endsWith("s") ? Slots.SKIP : Slots.HOLD);
    }

    private static Instant minute(int minute) {
        return Instant.parse("2026-02-07T00:00:00Z").plusSeconds(minute * 60L);
    }
}
