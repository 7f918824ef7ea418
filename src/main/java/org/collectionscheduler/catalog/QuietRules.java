package org.collectionscheduler.catalog;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.collectionscheduler.catalog.QuietProperties.WeeklyWindow;
import org.collectionscheduler.catalog.QuietProperties.Window;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.QuietWindows;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.jspecify.annotations.Nullable;

/** Which windows hold for which collections. Windows that are wrong are reported, and left out. */
final class QuietRules {

    private static final Duration LONGEST = Duration.ofDays(7);

    private final List<Rule> rules = new ArrayList<>();
    private final String defaultZone;
    private final RhythmReader reader;
    private final Consumer<Problem> problems;

    private record Rule(Set<String> canonicalNames, Map<String, String> labels, QuietTimes times) {

        boolean holdsFor(String name, Map<String, String> labelsOfCollection) {
            if (canonicalNames.isEmpty() && labels.isEmpty()) {
                return true;
            }
            return canonicalNames.contains(Names.canonical(name))
                    || !labels.isEmpty() && labelsOfCollection.entrySet().containsAll(labels.entrySet());
        }
    }

    /** @param configured names of the collections that the configuration declares */
    QuietRules(QuietProperties properties, String defaultZone, Set<String> configured, Consumer<Problem> problems) {
        Set<String> names = new TreeSet<>(configured);
        names.addAll(properties.registeredByCode());
        this.defaultZone = defaultZone;
        this.reader = new RhythmReader(problems);
        this.problems = problems;
        for (int i = 0; i < properties.quiet().size(); i++) {
            String key = "scheduler.quiet[" + i + "]";
            Window window = properties.quiet().get(i);
            checkNames(key, window, names);
            times(key, window)
                    .ifPresent(times -> rules.add(new Rule(canonical(window.collections()), labels(window), times)));
        }
    }

    /** When the slots of that collection are not served. */
    QuietTimes of(String collection, Map<String, String> labels) {
        return QuietWindows.of(rules.stream()
                .filter(rule -> rule.holdsFor(collection, labels))
                .map(Rule::times)
                .toList());
    }

    private void checkNames(String key, Window window, Set<String> names) {
        Set<String> known = canonical(names);
        for (String name : window.collections()) {
            if (!known.contains(Names.canonical(name))) {
                problems.accept(new Problem(
                        key + ".collections",
                        name,
                        "is no collection",
                        (names.isEmpty() ? "There are none" : "There are: " + String.join(", ", names))
                                + ". One that code registers must be named in scheduler.registered-by-code"));
            }
        }
    }

    private Optional<QuietTimes> times(String key, Window window) {
        boolean once = window.from() != null || window.to() != null;
        if (once == (window.weekly() != null)) {
            problems.accept(new Problem(
                    key,
                    null,
                    once ? "is weekly, and has from or to" : "has no time",
                    "Set either weekly, with days, time and duration, or from and to"));
            return Optional.empty();
        }
        Optional<ZoneId> zone = window.zone() == null ? zoneByDefault() : reader.zone(key + ".zone", window.zone());
        return window.weekly() == null ? once(key, window, zone) : weekly(key, window, window.weekly(), zone);
    }

    /** A wrong default is reported where it is read for schedules. */
    private Optional<ZoneId> zoneByDefault() {
        return new RhythmReader(ignored -> {}).zone("scheduler.defaults.zone", defaultZone);
    }

    private Optional<QuietTimes> once(String key, Window window, Optional<ZoneId> zone) {
        Optional<Instant> from = instant(key + ".from", window.from(), zone);
        Optional<Instant> to = instant(key + ".to", window.to(), zone);
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        if (!from.get().isBefore(to.get())) {
            problems.accept(new Problem(key + ".to", window.to(), "is not after from", "Write a later time"));
            return Optional.empty();
        }
        return Optional.of(QuietWindows.once(from.get(), to.get(), window.slots()));
    }

    private Optional<Instant> instant(String key, @Nullable String text, Optional<ZoneId> zone) {
        if (text == null) {
            problems.accept(new Problem(key, null, "is missing", "Set both from and to"));
            return Optional.empty();
        }
        return zone.flatMap(known -> reader.instant(key, text, known));
    }

    private Optional<QuietTimes> weekly(String key, Window window, WeeklyWindow weekly, Optional<ZoneId> zone) {
        Optional<Set<DayOfWeek>> days = reader.days(key + ".weekly.days", weekly.days());
        Optional<LocalTime> time = reader.time(key + ".weekly.time", weekly.time());
        Optional<Duration> duration = duration(key + ".weekly.duration", weekly.duration());
        return days.isPresent() && time.isPresent() && duration.isPresent() && zone.isPresent()
                ? Optional.of(QuietWindows.weekly(days.get(), time.get(), duration.get(), zone.get(), window.slots()))
                : Optional.empty();
    }

    private Optional<Duration> duration(String key, @Nullable Duration duration) {
        if (duration != null && duration.toMillis() > 0 && duration.compareTo(LONGEST) <= 0) {
            return Optional.of(duration);
        }
        problems.accept(new Problem(
                key,
                duration == null ? null : Durations.text(duration),
                duration == null ? "is missing" : "must be longer than zero, at most 7 days",
                Durations.REMEDY));
        return Optional.empty();
    }

    private static Set<String> canonical(Collection<String> names) {
        return names.stream().map(Names::canonical).collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, String> labels(Window window) {
        return window.labels() == null ? Map.of() : Map.copyOf(window.labels());
    }
}
