package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RhythmTests {

    private static final Instant AT = Instant.parse("2026-07-01T18:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void onceIsOneSlot() {
        Schedule once = new Rhythm.Once(AT).schedule(Instant.EPOCH, Duration.ZERO);
        assertThat(once.nextAfter(AT.minusMillis(1))).contains(AT);
        assertThat(once.nextAfter(AT)).isEmpty();
        assertThat(once.latestUntil(AT)).contains(AT);
        assertThat(once.latestUntil(AT.minusMillis(1))).isEmpty();
        assertThat(once.count(AT.minusMillis(1), AT)).isEqualTo(1);
        assertThat(once.count(AT, AT.plusSeconds(1))).isZero();
        assertThat(once.count(AT, AT.minusSeconds(1))).isZero();
        assertThat(once.rhythm()).isEqualTo("at 2026-07-01T18:00:00Z offset PT0S");
        assertThat(new Rhythm.Once(AT).shortestGap()).isEmpty();
    }

    @Test
    void onceIsLaterByTheOffset() {
        Schedule once = new Rhythm.Once(AT.plusNanos(1)).schedule(Instant.EPOCH, Duration.ofMillis(5));
        assertThat(once.nextAfter(AT)).contains(AT.plusMillis(5));
        assertThat(once.offset()).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void aSlotThatPassedIsSettledUnlessThereIsNoOther() {
        Schedule once = new Rhythm.Once(AT).schedule(Instant.EPOCH, Duration.ZERO);
        assertThat(once.settledAt(AT.minusSeconds(60))).isEqualTo(AT.minusSeconds(60));
        assertThat(once.settledAt(AT)).isEqualTo(AT.minusMillis(1));
        assertThat(once.settledAt(AT.plusSeconds(60))).isEqualTo(AT.minusMillis(1));

        Instant now = AT.plusSeconds(60);
        assertThat(new Rhythm.Interval(Duration.ofHours(1))
                        .schedule(AT, Duration.ZERO)
                        .settledAt(now))
                .isEqualTo(now);
        assertThat(weekly("MONDAY").schedule(AT, Duration.ZERO).settledAt(now)).isEqualTo(now);
    }

    @Test
    void rhythmsTellSchedulesApart() {
        Schedule weekly = new Rhythm.Weekly(Set.of(DayOfWeek.TUESDAY, DayOfWeek.MONDAY), LocalTime.of(18, 0), BERLIN)
                .schedule(AT, Duration.ofMinutes(5));
        assertThat(weekly.rhythm()).isEqualTo("weekly MON,TUE 18:00 zone Europe/Berlin offset PT5M");
        assertThat(weekly.offset()).isEqualTo(Duration.ofMinutes(5));
        assertThat(new Rhythm.Interval(Duration.ofHours(6))
                        .schedule(AT, Duration.ZERO)
                        .rhythm())
                .as("as it is stored by earlier versions")
                .isEqualTo("interval PT6H offset PT0S");
    }

    @Test
    void gapsAreThoseOfTheCalendar() {
        assertThat(weekly("MONDAY").shortestGap()).contains(Duration.ofDays(7));
        assertThat(new Rhythm.Weekly(Set.of(DayOfWeek.MONDAY, DayOfWeek.SATURDAY), LocalTime.NOON, BERLIN)
                        .shortestGap())
                .contains(Duration.ofDays(2));
        assertThat(new Rhythm.Interval(Duration.ofHours(6)).shortestGap()).contains(Duration.ofHours(6));
    }

    @Test
    void refusesWhatIsNoRhythm() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rhythm.Weekly(Set.of(), LocalTime.NOON, BERLIN))
                .withMessageContaining("days are missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weekly("MONDAY").schedule(AT, Duration.ofMillis(-1)))
                .withMessageContaining("offset is PT-0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rhythm.Once(AT).schedule(AT, Duration.ofMillis(-1)))
                .withMessageContaining("offset is PT-0.001S");
    }

    private static Rhythm weekly(String day) {
        return new Rhythm.Weekly(Set.of(DayOfWeek.valueOf(day)), LocalTime.of(18, 0), BERLIN);
    }
}
