package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalPatternTests {

    private static final LocalDate BEGIN = LocalDate.of(2023, 11, 1);

    @Test
    void findsAndCountsWhatWalkingFinds() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Predicate<LocalDate> belongs = days(random);
            LocalPattern pattern = new LocalPattern(DayPattern.where(belongs), times(random));
            List<LocalDateTime> walked = walk(belongs, pattern.times(), 500);
            for (int i = 0; i < 30; i++) {
                LocalDateTime one = BEGIN.atStartOfDay().plusSeconds(random.nextInt(480 * 86_400));
                LocalDateTime other = one.plusSeconds(random.nextInt(10 * 86_400));
                String where = "seed " + seed + ", " + one + ", " + other;
                walked.stream()
                        .filter(time -> time.isAfter(one))
                        .findFirst()
                        .ifPresent(next ->
                                assertThat(pattern.nextAfter(one)).as(where).isEqualTo(next));
                walked.stream()
                        .filter(time -> !time.isAfter(one))
                        .reduce((first, second) -> second)
                        .ifPresent(latest ->
                                assertThat(pattern.latestUntil(one)).as(where).isEqualTo(latest));
                assertThat(pattern.count(one, other))
                        .as(where)
                        .isEqualTo(walked.stream()
                                .filter(time -> time.isAfter(one) && !time.isAfter(other))
                                .count());
                assertThat(pattern.count(other, one.minusSeconds(1))).as(where).isZero();
            }
        }
    }

    @Test
    void theShortestGapIsThatOfTheClosest() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Predicate<LocalDate> belongs = days(random);
            LocalPattern pattern = new LocalPattern(DayPattern.where(belongs), times(random));
            List<LocalDateTime> walked = walk(belongs, pattern.times(), 3000);
            Duration least = IntStream.range(1, walked.size())
                    .mapToObj(i -> Duration.between(walked.get(i - 1), walked.get(i)))
                    .min(Duration::compareTo)
                    .orElseThrow();
            assertThat(pattern.shortestGap()).as("seed " + seed).isEqualTo(least);
            List<LocalDateTime> closest = pattern.closest();
            assertThat(Duration.between(closest.get(0), closest.get(1))).isEqualTo(least);
            assertThat(pattern.nextAfter(closest.get(0))).isEqualTo(closest.get(1));
            assertThat(pattern.latestUntil(closest.get(0))).isEqualTo(closest.get(0));
        }
    }

    @Test
    void daysOfAnyYearAreKnownFromFourteen() {
        Predicate<LocalDate> secondMondayOfLongMonths = date -> date.getDayOfWeek() == DayOfWeek.MONDAY
                && (date.getDayOfMonth() + 6) / 7 == 2
                && date.lengthOfMonth() == 31;
        Predicate<LocalDate> leapDay = date -> date.getMonthValue() == 2 && date.getDayOfMonth() == 29;
        DayPattern either = DayPattern.where(secondMondayOfLongMonths).or(DayPattern.where(leapDay));
        for (LocalDate date = LocalDate.of(1890, 1, 1); date.getYear() < 2120; date = date.plusDays(1)) {
            assertThat(either.contains(date))
                    .as("%s", date)
                    .isEqualTo(secondMondayOfLongMonths.or(leapDay).test(date));
        }
    }

    @Test
    void rareDaysAreFoundAcrossLongGaps() {
        DayPattern leapDay = DayPattern.where(date -> date.getMonthValue() == 2 && date.getDayOfMonth() == 29);
        assertThat(leapDay.nextFrom(LocalDate.of(1896, 3, 1))).contains(LocalDate.of(1904, 2, 29));
        assertThat(leapDay.latestUntil(LocalDate.of(2104, 2, 28))).contains(LocalDate.of(2096, 2, 29));
        assertThat(leapDay.count(LocalDate.of(1896, 2, 29), LocalDate.of(2104, 2, 29)))
                .isEqualTo(50);
        assertThat(leapDay.leastDaysApart()).isEqualTo(1461);

        DayPattern leapMonday = leapDay.and(DayPattern.onDaysOfWeek(Set.of(DayOfWeek.MONDAY)));
        assertThat(leapMonday.nextFrom(LocalDate.of(2024, 1, 1))).contains(LocalDate.of(2044, 2, 29));
        List<LocalDate> all = LocalDate.of(1600, 1, 1)
                .datesUntil(LocalDate.of(2400, 1, 1))
                .filter(date -> date.getMonthValue() == 2
                        && date.getDayOfMonth() == 29
                        && date.getDayOfWeek() == DayOfWeek.MONDAY)
                .toList();
        assertThat((long) leapMonday.leastDaysApart())
                .isEqualTo(IntStream.range(1, all.size())
                        .mapToLong(i -> ChronoUnit.DAYS.between(all.get(i - 1), all.get(i)))
                        .min()
                        .orElseThrow());
    }

    @Test
    void noDayIsNoPattern() {
        DayPattern none = DayPattern.where(date -> false);
        assertThat(none.isEmpty()).isTrue();
        assertThat(none.nextFrom(BEGIN)).isEmpty();
        assertThat(none.latestUntil(BEGIN)).isEmpty();
        assertThat(none.leastDaysApart()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LocalPattern(none, TimesOfDay.at(LocalTime.NOON)))
                .withMessageContaining("no such day");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimesOfDay.of(Set.of(24), Set.of(0), Set.of(0)))
                .withMessageContaining("hours");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimesOfDay.of(Set.of(1), Set.of(), Set.of(0)))
                .withMessageContaining("minutes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimesOfDay.of(Set.of(1), Set.of(0), Set.of(60)))
                .withMessageContaining("60");
    }

    @Test
    void equalDaysOfTheWeekAreOnePattern() {
        assertThat(DayPattern.onDaysOfWeek(Set.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY)))
                .isSameAs(DayPattern.onDaysOfWeek(Set.of(DayOfWeek.FRIDAY, DayOfWeek.MONDAY)))
                .isNotEqualTo(DayPattern.onDaysOfWeek(Set.of(DayOfWeek.FRIDAY)));
    }

    private static Predicate<LocalDate> days(Random random) {
        Set<Integer> ofWeek = some(random, 1, 7);
        Set<Integer> ofMonth = some(random, 1, 28);
        return switch (random.nextInt(3)) {
            case 0 -> date -> ofWeek.contains(date.getDayOfWeek().getValue());
            case 1 -> date -> ofMonth.contains(date.getDayOfMonth());
            default -> date -> true;
        };
    }

    private static TimesOfDay times(Random random) {
        return TimesOfDay.of(some(random, 0, 23), some(random, 0, 59), some(random, 0, 59));
    }

    private static Set<Integer> some(Random random, int least, int greatest) {
        Set<Integer> some = new TreeSet<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            some.add(least + random.nextInt(greatest - least + 1));
        }
        return some;
    }

    private static List<LocalDateTime> walk(Predicate<LocalDate> belongs, TimesOfDay times, int days) {
        List<LocalTime> ofDay = new ArrayList<>();
        for (int second = 0; second < 86_400; second++) {
            LocalTime time = LocalTime.ofSecondOfDay(second);
            if ((times.hours() >>> time.getHour() & 1) == 1
                    && (times.minutes() >>> time.getMinute() & 1) == 1
                    && (times.seconds() >>> time.getSecond() & 1) == 1) {
                ofDay.add(time);
            }
        }
        List<LocalDateTime> walked = new ArrayList<>();
        for (int day = 0; day < days; day++) {
            LocalDate date = BEGIN.plusDays(day);
            if (belongs.test(date)) {
                ofDay.forEach(time -> walked.add(date.atTime(time)));
            }
        }
        return walked;
    }
}
