package org.collectionscheduler.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Year;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/**
 * A set of days that depends on nothing but the calendar: months, days of the month and days of the week.
 *
 * <p>Such a set is known for ever once it is known for fourteen years: a year is a leap year or none, and begins on one
 * of seven days. About a kilobyte, to be shared by all schedules that fire on the same days.
 */
public final class DayPattern {

    private static final int KINDS_OF_YEARS = 14;

    /** After so many years the calendar repeats itself, days of the week included. */
    private static final int CYCLE_YEARS = 400;

    private static final List<Year> REPRESENTATIVES = representatives();

    private static final Map<Set<DayOfWeek>, DayPattern> WEEKLY = new ConcurrentHashMap<>();

    /** Days of the year, from 0 on, by kind of year. */
    private final List<BitSet> years;

    private final int leastDaysApart;

    private DayPattern(List<BitSet> years) {
        this.years = years;
        this.leastDaysApart = findLeastDaysApart();
    }

    /** The days for which {@code belongs} is true; asked only for days of {@link #representativeYears()}. */
    public static DayPattern where(Predicate<LocalDate> belongs) {
        List<BitSet> years = new ArrayList<>();
        for (Year year : REPRESENTATIVES) {
            BitSet days = new BitSet(year.length());
            for (int day = 0; day < year.length(); day++) {
                days.set(day, belongs.test(year.atDay(day + 1)));
            }
            years.add(days);
        }
        return new DayPattern(years);
    }

    /** The same object for the same days of the week. */
    static DayPattern onDaysOfWeek(Set<DayOfWeek> days) {
        return WEEKLY.computeIfAbsent(Set.copyOf(days), set -> where(date -> set.contains(date.getDayOfWeek())));
    }

    /** One year of each kind. */
    public static List<Year> representativeYears() {
        return REPRESENTATIVES;
    }

    /** The days of either. */
    public DayPattern or(DayPattern other) {
        return combine(other, (mine, others) -> {
            mine.or(others);
            return mine;
        });
    }

    /** The days of both. */
    public DayPattern and(DayPattern other) {
        return combine(other, (mine, others) -> {
            mine.and(others);
            return mine;
        });
    }

    /** No day, in no year. */
    public boolean isEmpty() {
        return years.stream().allMatch(BitSet::isEmpty);
    }

    boolean contains(LocalDate date) {
        return year(date.getYear()).get(date.getDayOfYear() - 1);
    }

    /** The first day that is not before {@code date}. */
    Optional<LocalDate> nextFrom(LocalDate date) {
        int from = date.getDayOfYear() - 1;
        for (int year = date.getYear(); year <= date.getYear() + CYCLE_YEARS; year++) {
            int day = year(year).nextSetBit(from);
            if (day >= 0) {
                return Optional.of(LocalDate.ofYearDay(year, day + 1));
            }
            from = 0;
        }
        return Optional.empty();
    }

    /** The last day that is not after {@code date}. */
    Optional<LocalDate> latestUntil(LocalDate date) {
        int until = date.getDayOfYear() - 1;
        for (int year = date.getYear(); year >= date.getYear() - CYCLE_YEARS; year--) {
            int day = year(year).previousSetBit(until);
            if (day >= 0) {
                return Optional.of(LocalDate.ofYearDay(year, day + 1));
            }
            until = 365;
        }
        return Optional.empty();
    }

    /** How many days are not before {@code from} and before {@code until}. */
    long count(LocalDate from, LocalDate until) {
        long days = 0;
        for (int year = from.getYear(); year <= until.getYear(); year++) {
            int first = year == from.getYear() ? from.getDayOfYear() - 1 : 0;
            int end = year == until.getYear() ? until.getDayOfYear() - 1 : 366;
            days += end <= first ? 0 : year(year).get(first, end).cardinality();
        }
        return days;
    }

    /** From one day to the next, where they are closest; 0 when there are none. */
    int leastDaysApart() {
        return leastDaysApart;
    }

    private int findLeastDaysApart() {
        int least = years.stream().mapToInt(DayPattern::leastDaysApart).min().orElse(Integer.MAX_VALUE);
        LocalDate last = null;
        for (int year = 2000; least > 1 && year <= 2000 + 2 * CYCLE_YEARS; year++) {
            BitSet days = year(year);
            if (!days.isEmpty()) {
                LocalDate first = LocalDate.ofYearDay(year, days.nextSetBit(0) + 1);
                least = last == null ? least : Math.min(least, (int) ChronoUnit.DAYS.between(last, first));
                last = LocalDate.ofYearDay(year, days.length());
            }
        }
        return least == Integer.MAX_VALUE ? 0 : least;
    }

    private static int leastDaysApart(BitSet days) {
        int least = Integer.MAX_VALUE;
        int day = days.nextSetBit(0);
        for (int next = day; day >= 0 && next >= 0 && least > 1; day = next) {
            next = days.nextSetBit(day + 1);
            least = next < 0 ? least : Math.min(least, next - day);
        }
        return least;
    }

    private DayPattern combine(DayPattern other, BinaryOperator<BitSet> operator) {
        List<BitSet> combined = new ArrayList<>();
        for (int kind = 0; kind < KINDS_OF_YEARS; kind++) {
            combined.add(operator.apply((BitSet) years.get(kind).clone(), other.years.get(kind)));
        }
        return new DayPattern(combined);
    }

    private BitSet year(int year) {
        return years.get(kind(year));
    }

    private static int kind(int year) {
        int firstDay = LocalDate.ofYearDay(year, 1).getDayOfWeek().ordinal();
        return Year.isLeap(year) ? 7 + firstDay : firstDay;
    }

    private static List<Year> representatives() {
        List<Year> years = new ArrayList<>();
        for (int kind = 0; kind < KINDS_OF_YEARS; kind++) {
            int year = 2000;
            while (kind(year) != kind) {
                year++;
            }
            years.add(Year.of(year));
        }
        return List.copyOf(years);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DayPattern pattern && years.equals(pattern.years);
    }

    @Override
    public int hashCode() {
        return years.hashCode();
    }

    /** The same in every process for the same days. */
    @Override
    public String toString() {
        return "DayPattern[" + Integer.toHexString(years.hashCode()) + "]";
    }
}
