package org.collectionscheduler.catalog;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.collectionscheduler.cron.CronParser;
import org.collectionscheduler.cron.WrongCronException;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Reads rhythms as operators write them. What is wrong is reported under the key that was given, and nothing comes back.
 * What it compiles it shares between all the rhythms that it reads.
 */
public final class RhythmReader {

    private final CronParser parser = new CronParser();
    private final Consumer<Problem> problems;

    public RhythmReader(Consumer<Problem> problems) {
        this.problems = problems;
    }

    public Optional<ZoneId> zone(String key, String text) {
        return read(key, text, LocalTimes::zone);
    }

    /** An interval with its unit. */
    public Optional<Rhythm> interval(String key, String text) {
        Optional<Duration> every = Durations.parse(text);
        if (every.isEmpty()) {
            problems.accept(new Problem(key, text, "is not a duration with a unit", Durations.REMEDY));
            return Optional.empty();
        }
        return interval(key, every.get());
    }

    Optional<Rhythm> interval(String key, Duration every) {
        if (every.toMillis() < 1) {
            Durations.checkPositive(key, every, problems);
            return Optional.empty();
        }
        return Optional.of(new Rhythm.Interval(every));
    }

    /** @param zone empty when it was wrong; the expression is looked at nevertheless */
    public Optional<Rhythm> cron(String key, String expression, Optional<ZoneId> zone) {
        try {
            Rhythm.Cron read = parser.parse(expression, zone.orElse(ZoneId.of("UTC")));
            return zone.map(known -> read);
        } catch (WrongCronException e) {
            problems.accept(new Problem(key, expression, e.wrong(), e.remedy()));
            return Optional.empty();
        }
    }

    /**
     * Days and a time in one text, such as {@code MON,TUE 18:00}.
     *
     * @param zone empty when it was wrong; the text is looked at nevertheless
     */
    public Optional<Rhythm> weekly(String key, String text, Optional<ZoneId> zone) {
        String[] parts = text.strip().split("\\s+(?=\\S+$)");
        if (parts.length != 2) {
            problems.accept(new Problem(key, text, "is not days and a time", "Write for example \"MON,TUE 18:00\""));
            return Optional.empty();
        }
        return weekly(key, List.of(parts[0]), key, parts[1], zone);
    }

    /** @param zone empty when it was wrong; the rest is looked at nevertheless */
    Optional<Rhythm> weekly(
            String daysKey,
            @Nullable Collection<String> days,
            String timeKey,
            @Nullable String time,
            Optional<ZoneId> zone) {
        Optional<Set<DayOfWeek>> on = days(daysKey, days);
        Optional<LocalTime> at = time(timeKey, time);
        return on.isPresent() && at.isPresent() && zone.isPresent()
                ? Optional.of(new Rhythm.Weekly(on.get(), at.get(), zone.get()))
                : Optional.empty();
    }

    /** @param days null means that they are missing */
    Optional<Set<DayOfWeek>> days(String key, @Nullable Collection<String> days) {
        String text = days == null ? "" : String.join(",", days);
        return read(key, text.isBlank() ? null : text, LocalTimes::days);
    }

    /** @param time null means that it is missing */
    Optional<LocalTime> time(String key, @Nullable String time) {
        return read(key, time, LocalTimes::time);
    }

    /**
     * Once, at an instant with its offset or at a local date-time.
     *
     * @param zone of a local date-time; empty when it was wrong
     */
    public Optional<Rhythm> at(String key, String text, Optional<ZoneId> zone) {
        return zone.flatMap(known -> instant(key, text, known)).map(Rhythm.Once::new);
    }

    /** An instant with its offset, or a local date-time that the zone's clocks show once. */
    public Optional<Instant> instant(String key, String text, ZoneId zone) {
        return read(key, text, value -> LocalTimes.instant(value, zone));
    }

    private interface Reading<T> {
        T read(String text) throws WrongValueException;
    }

    private <T> Optional<T> read(String key, @Nullable String text, Reading<T> reading) {
        try {
            return Optional.of(reading.read(text == null ? "" : text.strip()));
        } catch (WrongValueException e) {
            String wrong = text == null ? "is missing" : String.valueOf(e.getMessage());
            problems.accept(new Problem(key, text, wrong, e.remedy()));
            return Optional.empty();
        }
    }
}
