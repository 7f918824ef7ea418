package org.collectionscheduler.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.settings.ConfigurationReader;
import org.collectionscheduler.settings.ConfigurationReader.Configuration;
import org.collectionscheduler.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration again and has the running service follow it. One reload comes after the other. */
public final class Reload {

    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    /** A line that lists a hundred thousand names helps nobody. */
    private static final int MOST_NAMES = 50;

    private final ConfigurationReader reader;
    private final Settings started;
    private final List<Collector> collectors;
    private final Collections collections;
    private final Redeclarer redeclarer;

    Reload(
            ConfigurationReader reader,
            Settings started,
            Collection<Collector> collectors,
            Collections collections,
            Redeclarer redeclarer) {
        this.reader = reader;
        this.started = started;
        this.collectors = List.copyOf(collectors);
        this.collections = collections;
        this.redeclarer = redeclarer;
    }

    /**
     * What a reload has changed: names of collections, in their order.
     *
     * @param unchanged how many collections are declared as before
     * @param waitsFor ids of instances that declare otherwise: until they declare the same, or have ended, nothing of it is in
     *     force; empty when it is
     * @param needsRestart names of other keys whose values are not those of the start: they have no effect before the next
     */
    public record Outcome(
            List<String> added,
            List<String> changed,
            List<String> retired,
            int unchanged,
            List<String> waitsFor,
            List<String> needsRestart) {}

    /**
     * Has the service follow what is written now. New collections begin, those that are declared no more are retired,
     * changed ones go on with the same anchor, pause and rest, and from a changed schedule's next slot on. What code has
     * registered stays as it is.
     *
     * @return empty when the service does not run: nothing was changed
     * @throws org.collectionscheduler.settings.StartRefusedException with all mistakes: nothing was changed
     * @throws org.collectionscheduler.store.StoreUnavailableException when the store did not take it: nothing was changed
     */
    public synchronized Optional<Outcome> reload(Cause cause) {
        Configuration read = reader.read(LiveSettings::needsRestart);
        LiveSettings settings = new LiveSettings(read.settings(), started);
        List<Definition> definitions =
                Definitions.of(settings, collectors, new CollectorParameters(read.bound()), problem -> {
                    throw new IllegalStateException("settings were checked before: " + problem);
                });
        Redeclarer.Wanted wanted = new Redeclarer.Wanted(definitions, new ProcessDefinitions(settings));
        Optional<Outcome> outcome = collections
                .alone(() -> redeclarer.redeclare(wanted, cause))
                .map(difference -> outcome(difference, List.copyOf(read.otherwise())));
        outcome.ifPresent(changes -> {
            new IdleSettings(settings, collectors).find(definitions, IdleSettings::warn);
            tell(changes, cause);
        });
        return outcome;
    }

    private Outcome outcome(Difference difference, List<String> needsRestart) {
        return new Outcome(
                difference.added().stream().map(Definition::name).sorted().toList(),
                difference.changed().stream()
                        .map(changed -> changed.now().name())
                        .sorted()
                        .toList(),
                difference.retired().stream()
                        .map(entry -> entry.scheduled().name())
                        .sorted()
                        .toList(),
                difference.unchanged(),
                redeclarer.waitsFor(),
                needsRestart);
    }

    private static void tell(Outcome outcome, Cause cause) {
        log.atInfo()
                .addKeyValue("added", some(outcome.added()))
                .addKeyValue("changed", some(outcome.changed()))
                .addKeyValue("retired", some(outcome.retired()))
                .addKeyValue("unchanged", outcome.unchanged())
                .addKeyValue("waitsFor", outcome.waitsFor())
                .addKeyValue("needsRestart", some(outcome.needsRestart()))
                .addKeyValue("origin", cause.origin())
                .addKeyValue("reason", cause.reason())
                .log("configuration reloaded");
    }

    private static String some(List<String> names) {
        String some = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", ", "[", "]"));
        return names.size() <= MOST_NAMES ? some : some + " and " + (names.size() - MOST_NAMES) + " more";
    }
}
