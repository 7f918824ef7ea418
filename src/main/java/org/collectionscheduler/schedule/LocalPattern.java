package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/**
 * A set of local date-times, in whole seconds: these times on these days. What instants they are is for a zone to say.
 * However many there are, finding and counting them takes as long as there are years in between.
 *
 * @param days not empty
 */
public record LocalPattern(DayPattern days, TimesOfDay times) {

    public LocalPattern {
        if (days.isEmpty()) {
            throw new IllegalArgumentException("there is no such day in any year");
        }
    }

    /** The first that is later than {@code local}. */
    LocalDateTime nextAfter(LocalDateTime local) {
        LocalDate date = local.toLocalDate();
        int passed = times.countUntil(local.toLocalTime());
        if (passed < times.perDay() && days.contains(date)) {
            return date.atTime(times.get(passed));
        }
        return days.nextFrom(date.plusDays(1)).orElseThrow().atTime(times.first());
    }

    /** The last that is not later than {@code local}. */
    LocalDateTime latestUntil(LocalDateTime local) {
        LocalDate date = local.toLocalDate();
        int passed = times.countUntil(local.toLocalTime());
        if (passed > 0 && days.contains(date)) {
            return date.atTime(times.get(passed - 1));
        }
        return days.latestUntil(date.minusDays(1)).orElseThrow().atTime(times.last());
    }

    /** How many are later than {@code after} and not later than {@code until}; 0 when that is earlier. */
    long count(LocalDateTime after, LocalDateTime until) {
        if (!until.isAfter(after)) {
            return 0;
        }
        long days = this.days.count(after.toLocalDate(), until.toLocalDate());
        return days * times.perDay() - passed(after) + passed(until);
    }

    /** The least time between two of them. */
    Duration shortestGap() {
        Duration overnight = overnight();
        return times.shortestGap()
                .filter(inOneDay -> inOneDay.compareTo(overnight) < 0)
                .orElse(overnight);
    }

    /** Two, one following the other, that are no farther apart than any others. */
    List<LocalDateTime> closest() {
        Duration gap = shortestGap();
        LocalDateTime one = nextAfter(LocalDate.of(2024, 1, 1).atStartOfDay().minusSeconds(1));
        LocalDateTime other = nextAfter(one);
        while (!Duration.between(one, other).equals(gap)) {
            boolean skipDay = times.shortestGap().filter(gap::equals).isEmpty();
            one = skipDay ? other.toLocalDate().atTime(times.last()) : other;
            other = nextAfter(one);
        }
        return List.of(one, other);
    }

    /** From the last of a day to the first of the next day that has any, where these days are closest. */
    private Duration overnight() {
        return Duration.ofDays(days.leastDaysApart()).minus(Duration.between(times.first(), times.last()));
    }

    private int passed(LocalDateTime local) {
        return days.contains(local.toLocalDate()) ? times.countUntil(local.toLocalTime()) : 0;
    }
}
