package org.collectionscheduler.catalog;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.collectionscheduler.catalog.ScheduleProperties.CollectionSchedule;
import org.collectionscheduler.catalog.ScheduleProperties.Weekly;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.jspecify.annotations.Nullable;

/** Makes the rhythms that the settings declare, and reports what is wrong with them. */
final class Rhythms {

    private static final String KINDS = "interval, cron, weekly or at";

    private final RhythmReader reader;
    private final Consumer<Problem> problems;
    private final String defaultZone;
    private final Map<String, Duration> defaultIntervals = new TreeMap<>();
    private final Map<String, Optional<ZoneId>> zones = new TreeMap<>();

    Rhythms(ScheduleProperties.Defaults defaults, Consumer<Problem> problems) {
        this.reader = new RhythmReader(problems);
        this.problems = problems;
        this.defaultZone = defaults.zone();
        CollectionNames.distinct(defaults.intervals())
                .forEach((collector, interval) -> defaultIntervals.put(Names.canonical(collector), interval));
        zone("scheduler.defaults.zone", defaultZone);
    }

    /**
     * The rhythm of a collection; empty when it has none that could be followed.
     *
     * @param collector null when there is none of the name that is declared
     */
    Optional<Rhythm> of(String name, CollectionSchedule declared, @Nullable Collector collector) {
        List<String> kinds = kinds(declared);
        if (kinds.size() > 1) {
            problems.accept(new Problem(
                    "scheduler.collections." + name,
                    null,
                    "has " + kinds.size() + " schedules: " + String.join(", ", kinds),
                    "Keep one of them"));
            return Optional.empty();
        }
        Optional<Rhythm> rhythm = kinds.isEmpty() ? byDefault(name, collector) : declared(name, declared);
        return rhythm.filter(read -> collector == null || isAllowed(name, read, collector.minimumInterval(), problems));
    }

    private static List<String> kinds(CollectionSchedule declared) {
        List<String> kinds = new ArrayList<>();
        add(kinds, "interval", declared.interval());
        add(kinds, "cron", declared.cron());
        add(kinds, "weekly", declared.weekly());
        add(kinds, "at", declared.at());
        return kinds;
    }

    private static void add(List<String> kinds, String kind, @Nullable Object value) {
        if (value != null) {
            kinds.add(kind);
        }
    }

    private Optional<Rhythm> byDefault(String name, @Nullable Collector collector) {
        String wanted = collector == null ? name : collector.name();
        Duration interval = defaultIntervals.get(Names.canonical(wanted));
        if (interval == null) {
            problems.accept(new Problem(
                    CollectionNames.key(name, "interval"),
                    null,
                    "is missing, and there is no other schedule",
                    "Set one of " + KINDS + ", for example an interval of 6h"));
            return Optional.empty();
        }
        return reader.interval("scheduler.defaults.intervals." + wanted, interval);
    }

    private Optional<Rhythm> declared(String name, CollectionSchedule declared) {
        Optional<ZoneId> zone = declared.zone() == null
                ? zone("scheduler.defaults.zone", defaultZone)
                : zone(CollectionNames.key(name, "zone"), declared.zone());
        if (declared.interval() != null) {
            return reader.interval(CollectionNames.key(name, "interval"), declared.interval());
        }
        if (declared.cron() != null) {
            return reader.cron(CollectionNames.key(name, "cron"), declared.cron(), zone);
        }
        if (declared.weekly() != null) {
            return weekly(name, declared.weekly(), zone);
        }
        return Optional.ofNullable(declared.at()).flatMap(at -> reader.at(CollectionNames.key(name, "at"), at, zone));
    }

    private Optional<Rhythm> weekly(String name, Weekly declared, Optional<ZoneId> zoneOfCollection) {
        Optional<ZoneId> zone = declared.zone() == null
                ? zoneOfCollection
                : zone(CollectionNames.key(name, "weekly.zone"), declared.zone());
        return reader.weekly(
                CollectionNames.key(name, "weekly.days"),
                declared.days(),
                CollectionNames.key(name, "weekly.time"),
                declared.time(),
                zone);
    }

    /** Read once under each key, so that what is wrong is reported once. */
    private Optional<ZoneId> zone(String key, String text) {
        return zones.computeIfAbsent(key, unread -> reader.zone(key, text));
    }

    /** An interval that is too short is raised; local times that lie too close are the operator's to choose anew. */
    static boolean isAllowed(String name, Rhythm rhythm, Duration minimum, Consumer<Problem> problems) {
        Optional<Duration> shortest = rhythm.shortestGap();
        if (rhythm instanceof Rhythm.Interval
                || shortest.filter(gap -> gap.compareTo(minimum) < 0).isEmpty()) {
            return true;
        }
        problems.accept(new Problem(
                CollectionNames.key(name, rhythm.kind()),
                rhythm instanceof Rhythm.Cron cron ? cron.expression() : null,
                "runs more often than every " + Durations.text(minimum)
                        + ", the minimum of its collector: for instance at "
                        + rhythm.closest().stream().map(LocalDateTime::toString).collect(Collectors.joining(" and ")),
                "Leave at least " + Durations.text(minimum) + " between two runs"));
        return false;
    }
}
