package org.collectionscheduler.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** When a collection is to run, as it is declared: a schedule without its anchor and its offset. */
public sealed interface Rhythm {

    /**
     * The slots of a collection that keeps this rhythm.
     *
     * @param anchor when the collection was first registered
     * @param offset by which every slot is later; not negative
     */
    Schedule schedule(Instant anchor, Duration offset);

    /** The least time between two slots, daylight saving aside; empty when there are no two. */
    Optional<Duration> shortestGap();

    /** The setting that declares it: {@code interval}, {@code cron}, {@code weekly} or {@code at}. */
    String kind();

    /** In a few words, for operators. */
    String text();

    /** The zone whose clocks it goes by; empty when it goes by none. */
    default Optional<ZoneId> zone() {
        return Optional.empty();
    }

    /** Two local times of slots, one following the other, that are no farther apart than any others; empty without a zone. */
    default List<LocalDateTime> closest() {
        return List.of();
    }

    /** At a fixed rate from the anchor on. */
    record Interval(Duration every) implements Rhythm {

        @Override
        public Schedule schedule(Instant anchor, Duration offset) {
            return new IntervalSchedule(anchor, offset, every);
        }

        @Override
        public Optional<Duration> shortestGap() {
            return Optional.of(every);
        }

        @Override
        public String kind() {
            return "interval";
        }

        @Override
        public String text() {
            return "every " + every;
        }
    }

    /**
     * At the local times of a cron expression.
     *
     * @param expression as it is written, with single spaces
     * @param pattern what the expression means; share it between equal expressions
     * @param everyRealHour whether the hour field begins with {@code *}: it then runs whenever the zone's clocks show
     *     such a time, twice in an overlap and never for a gap; otherwise every local time is served once
     */
    record Cron(String expression, LocalPattern pattern, boolean everyRealHour, ZoneId inZone) implements Rhythm {

        @Override
        public Schedule schedule(Instant anchor, Duration offset) {
            Occurrences occurrences = everyRealHour
                    ? new RealHours(pattern, inZone.getRules())
                    : new FixedTimes(pattern, inZone.getRules());
            return new CalendarSchedule("cron " + expression + " zone " + inZone, occurrences, offset);
        }

        @Override
        public Optional<Duration> shortestGap() {
            return Optional.of(pattern.shortestGap());
        }

        @Override
        public List<LocalDateTime> closest() {
            return pattern.closest();
        }

        @Override
        public String kind() {
            return "cron";
        }

        @Override
        public String text() {
            return "cron '" + expression + "' in " + inZone;
        }

        @Override
        public Optional<ZoneId> zone() {
            return Optional.of(inZone);
        }
    }

    /**
     * At one local time on some days of the week.
     *
     * @param days at least one
     * @param time in whole seconds
     */
    record Weekly(Set<DayOfWeek> days, LocalTime time, ZoneId inZone) implements Rhythm {

        public Weekly {
            if (days.isEmpty()) {
                throw new IllegalArgumentException("days are missing; at least one is needed");
            }
            days = Collections.unmodifiableSet(EnumSet.copyOf(days));
            time = time.truncatedTo(ChronoUnit.SECONDS);
        }

        @Override
        public Schedule schedule(Instant anchor, Duration offset) {
            return new CalendarSchedule(
                    "weekly " + daysAndTime() + " zone " + inZone,
                    new FixedTimes(pattern(), inZone.getRules()),
                    offset);
        }

        @Override
        public Optional<Duration> shortestGap() {
            return Optional.of(pattern().shortestGap());
        }

        @Override
        public List<LocalDateTime> closest() {
            return pattern().closest();
        }

        @Override
        public String kind() {
            return "weekly";
        }

        @Override
        public String text() {
            return "weekly " + daysAndTime() + " in " + inZone;
        }

        @Override
        public Optional<ZoneId> zone() {
            return Optional.of(inZone);
        }

        private LocalPattern pattern() {
            return new LocalPattern(DayPattern.onDaysOfWeek(days), TimesOfDay.at(time));
        }

        private String daysAndTime() {
            return days.stream().map(day -> day.name().substring(0, 3)).collect(Collectors.joining(",")) + " " + time;
        }
    }

    /** Once. */
    record Once(Instant at) implements Rhythm {

        @Override
        public Schedule schedule(Instant anchor, Duration offset) {
            return new OneTimeSchedule(at, offset);
        }

        @Override
        public Optional<Duration> shortestGap() {
            return Optional.empty();
        }

        @Override
        public String kind() {
            return "at";
        }

        @Override
        public String text() {
            return "once at " + at;
        }
    }
}
