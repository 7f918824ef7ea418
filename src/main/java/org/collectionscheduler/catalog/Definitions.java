package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.collectionscheduler.catalog.CatalogProperties.CollectionProperties;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;

/** Finds each collection's collector and makes its definition. Names compare without case and dashes. */
final class Definitions {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,62}");

    private final Map<String, Collector> collectors = new TreeMap<>();
    private final CollectorParameters parameters;
    private final Consumer<Problem> problems;

    private Definitions(Collection<Collector> collectors, CollectorParameters parameters, Consumer<Problem> problems) {
        collectors.forEach(collector -> this.collectors.put(Names.canonical(collector.name()), collector));
        this.parameters = parameters;
        this.problems = problems;
    }

    /** Every collection that can be defined, in the order of its name; what is wrong with the others is reported. */
    static List<Definition> of(
            CatalogProperties properties,
            Collection<Collector> collectors,
            CollectorParameters parameters,
            Consumer<Problem> problems) {
        Definitions definitions = new Definitions(collectors, parameters, problems);
        return properties.collections().entrySet().stream()
                .flatMap(declared -> definitions.define(declared.getKey(), properties, declared.getValue()).stream())
                .sorted(Comparator.comparing(Definition::name))
                .toList();
    }

    private Optional<Definition> define(String name, CatalogProperties properties, CollectionProperties declared) {
        Optional<Collector> collector = collector(name, declared);
        Duration interval = declared.interval();
        if (!NAME.matcher(name).matches()) {
            problems.accept(new Problem(
                    "scheduler.collections." + name,
                    null,
                    "is not a name for a collection",
                    "Use up to 63 letters, digits and dashes"));
            return Optional.empty();
        }
        if (interval == null) {
            problems.accept(new Problem(CatalogProperties.key(name, "interval"), null, "is missing", Durations.REMEDY));
            return Optional.empty();
        }
        return collector.map(found -> new Definition(
                displayName(name, found),
                found,
                declared.enabled(),
                interval,
                declared.maxOffset(),
                declared.timeout(),
                declared.missedRuns(),
                properties.runOnStart(),
                parameters.read(name, found, problems)));
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
                                    "Correct the name or set " + CatalogProperties.key(name, "collector")
                                            + "; the collectors are: " + exist)
                            : new Problem(
                                    CatalogProperties.key(name, "collector"),
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
