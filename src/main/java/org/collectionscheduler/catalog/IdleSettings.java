package org.collectionscheduler.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.collectionscheduler.catalog.PolicyProperties.Defaults;
import org.collectionscheduler.catalog.PolicyProperties.Overlap;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.RunProperties;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * Settings that are in bounds and without effect, so that somebody believes in a limit that is none. Wrong are those that
 * nothing could give an effect; the others may be meant for collections that code declares later.
 */
final class IdleSettings {

    private static final Logger log = LoggerFactory.getLogger(IdleSettings.class);

    private static final Defaults UNWRITTEN =
            new Binder(List.of()).bindOrCreate("unwritten", Bindable.of(Defaults.class));

    private final Definitions.Groups settings;
    private final Map<String, String> collectors = new TreeMap<>();

    IdleSettings(Definitions.Groups settings, Collection<Collector> collectors) {
        this.settings = settings;
        collectors.forEach(collector -> this.collectors.put(Names.canonical(collector.name()), collector.name()));
    }

    /** Reports default intervals of collectors that do not exist: collections that code declares take none. */
    void check(Consumer<Problem> problems) {
        CollectionNames.distinct(
                        settings.get(ScheduleProperties.class).defaults().intervals())
                .forEach((collector, interval) -> {
                    if (!exists(collector)) {
                        problems.accept(new Problem(
                                "scheduler.defaults.intervals." + collector,
                                Durations.text(interval),
                                "is the interval of no known collector",
                                remedy()));
                    }
                });
    }

    /** What has no effect unless code declares a collection that it is meant for. */
    void find(List<Definition> declared, Consumer<Problem> idle) {
        limits(idle);
        overlaps(idle);
        quietLabels(declared, idle);
    }

    static void warn(Problem idle) {
        log.atWarn()
                .addKeyValue("setting", idle.key())
                .addKeyValue("value", idle.value())
                .addKeyValue("reason", idle.wrong())
                .addKeyValue("remedy", idle.remedy())
                .log("a setting has no effect");
    }

    private void limits(Consumer<Problem> idle) {
        CollectionNames.distinct(settings.get(RunProperties.class).collectors()).forEach((collector, limits) -> {
            limit(collector, "max-concurrent-runs", limits.maxConcurrentRuns(), idle);
            limit(collector, "max-concurrent-runs-total", limits.maxConcurrentRunsTotal(), idle);
        });
    }

    private void limit(String collector, String key, @Nullable Integer most, Consumer<Problem> idle) {
        if (most != null && !exists(collector)) {
            idle.accept(new Problem(
                    "scheduler.collectors." + collector + "." + key,
                    most.toString(),
                    "limits no known collector",
                    remedy() + ", and those that code declares"));
        }
    }

    private void overlaps(Consumer<Problem> idle) {
        PolicyProperties policy = settings.get(PolicyProperties.class);
        Defaults defaults = policy.defaults();
        boolean allowed = defaults.overlap() == Overlap.ALLOW
                || policy.collections().values().stream().anyMatch(said -> said.overlap() == Overlap.ALLOW);
        if (!allowed && defaults.maxOverlap() != UNWRITTEN.maxOverlap()) {
            idle.accept(overlap("scheduler.defaults", defaults.maxOverlap()));
        }
        policy.collections().forEach((name, said) -> {
            Overlap overlap = said.overlap() == null ? defaults.overlap() : said.overlap();
            if (said.maxOverlap() != null && overlap == Overlap.FORBID) {
                idle.accept(overlap("scheduler.collections." + name, said.maxOverlap()));
            }
        });
    }

    private static Problem overlap(String prefix, int maxOverlap) {
        return new Problem(
                prefix + ".max-overlap",
                String.valueOf(maxOverlap),
                "counts only where overlap is allowed",
                "Set " + prefix + ".overlap to allow, or remove it");
    }

    private void quietLabels(List<Definition> declared, Consumer<Problem> idle) {
        List<QuietProperties.Window> windows =
                settings.get(QuietProperties.class).quiet();
        for (int i = 0; i < windows.size(); i++) {
            Map<String, String> labels = windows.get(i).labels();
            if (labels != null
                    && !labels.isEmpty()
                    && declared.stream()
                            .noneMatch(known ->
                                    known.policies().labels().entrySet().containsAll(labels.entrySet()))) {
                idle.accept(new Problem(
                        "scheduler.quiet[" + i + "].labels",
                        new TreeMap<>(labels).toString(),
                        "are together on no declared collection",
                        "Correct them, or give them to a collection"));
            }
        }
    }

    private boolean exists(String collector) {
        return collectors.containsKey(Names.canonical(collector));
    }

    private String remedy() {
        return "Correct the name or remove it; the collectors are: " + String.join(", ", collectors.values());
    }
}
