package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.collectionscheduler.catalog.CatalogProperties.CollectionProperties;
import org.collectionscheduler.catalog.ScheduleProperties.CollectionSchedule;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;

/** Finds each collection's collector and makes its definition. Names compare without case and dashes. */
final class Definitions {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,62}");

    /** How late a one-time slot may be served unless the settings say otherwise. */
    private static final Duration ONE_TIME_DEADLINE = Duration.ofMinutes(5);

    private final Map<String, Collector> collectors = new TreeMap<>();
    private final Rhythms rhythms;
    private final CollectorParameters parameters;
    private final Consumer<Problem> problems;

    private Definitions(
            Collection<Collector> collectors,
            Rhythms rhythms,
            CollectorParameters parameters,
            Consumer<Problem> problems) {
        collectors.forEach(collector -> this.collectors.put(Names.canonical(collector.name()), collector));
        this.rhythms = rhythms;
        this.parameters = parameters;
        this.problems = problems;
    }

    /** Gives the settings, whether they have been checked already or not. */
    interface Groups {
        <T extends SettingsGroup> T get(Class<T> type);
    }

    /** Every collection that can be defined, in the order of its name; what is wrong with the others is reported. */
    static List<Definition> of(
            Groups settings,
            Collection<Collector> collectors,
            CollectorParameters parameters,
            Consumer<Problem> problems) {
        CatalogProperties catalog = settings.get(CatalogProperties.class);
        ScheduleProperties schedule = settings.get(ScheduleProperties.class);
        PolicyProperties policy = settings.get(PolicyProperties.class);
        Definitions definitions =
                new Definitions(collectors, new Rhythms(schedule.defaults(), problems), parameters, problems);
        Set<String> names =
                CollectionNames.union(List.of(catalog.collections(), schedule.collections(), policy.collections()));
        QuietRules quiet = new QuietRules(
                settings.get(QuietProperties.class), schedule.defaults().zone(), names, problems);
        Function<String, CollectionProperties> collections =
                CollectionNames.orDefault(catalog.collections(), CollectionProperties.class);
        Function<String, CollectionSchedule> schedules =
                CollectionNames.orDefault(schedule.collections(), CollectionSchedule.class);
        Function<String, Policies> policies = policy.inForce();
        return names.stream()
                .flatMap(name -> definitions
                        .define(
                                name,
                                collections.apply(name),
                                schedules.apply(name),
                                policies.apply(name),
                                quiet,
                                catalog.runOnStart())
                        .stream())
                .sorted(Comparator.comparing(Definition::name))
                .toList();
    }

    private Optional<Definition> define(
            String name,
            CollectionProperties declared,
            CollectionSchedule schedule,
            Policies policies,
            QuietRules quiet,
            RunOnStart runOnStart) {
        Optional<Collector> collector = collector(name, declared);
        if (!isName(name, problems)) {
            return Optional.empty();
        }
        Optional<Rhythm> rhythm = rhythms.of(name, schedule, collector.orElse(null));
        if (rhythm.isEmpty()) {
            return Optional.empty();
        }
        return collector.map(found -> new Definition(
                displayName(name, found),
                found,
                declared.enabled(),
                rhythm.get(),
                schedule.maxOffset(),
                policiesFor(rhythm.get(), policies),
                quiet.of(name, policies.labels()),
                runOnStart,
                parameters.read(name, found, problems)));
    }

    /** A one-time slot has a limit to how late it may be served, even where none is written. */
    static Policies policiesFor(Rhythm rhythm, Policies policies) {
        return rhythm instanceof Rhythm.Once ? policies.withStartDeadline(ONE_TIME_DEADLINE) : policies;
    }

    /** Reports what can be no collection's name. */
    static boolean isName(String name, Consumer<Problem> problems) {
        boolean fits = NAME.matcher(name).matches();
        if (!fits) {
            problems.accept(new Problem(
                    "scheduler.collections." + name,
                    null,
                    "is not a name for a collection",
                    "Use up to 63 letters, digits and dashes"));
        }
        return fits;
    }

    private Optional<Collector> collector(String name, CollectionProperties declared) {
        String wanted = declared.collector() == null ? name : declared.collector();
        Collector collector = collectors.get(Names.canonical(wanted));
        if (collector == null) {
            String exist = collectors.values().stream()
                    .map(Collector::name)
                    .reduce((a, b) -> a + ", " + b)
                    .orElse("none");
            problems.accept(
                    declared.collector() == null
                            ? new Problem(
                                    "scheduler.collections." + name,
                                    null,
                                    "is no known collection, for no collector has this name",
                                    "Correct the name or set " + CollectionNames.key(name, "collector")
                                            + "; the collectors are: " + exist)
                            : new Problem(
                                    CollectionNames.key(name, "collector"),
                                    wanted,
                                    "is no known collector",
                                    "The collectors are: " + exist));
        }
        return Optional.ofNullable(collector);
    }

    private static String displayName(String name, Collector collector) {
        return Names.canonical(name).equals(Names.canonical(collector.name())) ? collector.name() : name;
    }
}
