package org.collectionscheduler.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.collectionscheduler.run.CollectionRecord;
import org.collectionscheduler.run.Registrations;
import org.collectionscheduler.run.Registrations.Registration;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.StuckAttempt;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.IntervalSchedule;
import org.collectionscheduler.schedule.Progress;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.settings.Names;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The collections of this process. Reading methods may throw {@code StoreUnavailableException}. */
public final class Catalog {

    private static final Logger log = LoggerFactory.getLogger(Catalog.class);

    private final Registrations registrations;
    private final RunPipeline pipeline;
    private final RunHistory history;
    private final Clock clock;
    private volatile Map<String, Entry> entries = Map.of();

    private record Entry(Definition definition, ScheduledCollection scheduled) {}

    Catalog(Registrations registrations, RunPipeline pipeline, RunHistory history, Clock clock) {
        this.registrations = registrations;
        this.pipeline = pipeline;
        this.history = history;
        this.clock = clock;
    }

    /** Makes these the collections of the deployment with that seed, and retires all others. */
    Collection<ScheduledCollection> register(List<Definition> definitions, String seed) {
        List<Schedule> schedules = registrations.registerAll(definitions.stream()
                .map(definition -> registration(definition, seed))
                .toList());
        Map<String, Entry> registered = new TreeMap<>();
        for (int i = 0; i < definitions.size(); i++) {
            Definition definition = definitions.get(i);
            Schedule schedule = schedules.get(i);
            registered.put(definition.name(), new Entry(definition, definition.scheduled(schedule)));
            logScheduled(definition, schedule);
        }
        Set<String> names = Set.copyOf(registered.keySet());
        registrations.retireAllBut(names);
        pipeline.abandonUndeclared(names);
        entries = registered;
        return registered.values().stream().map(Entry::scheduled).toList();
    }

    private static Registration registration(Definition definition, String seed) {
        return new Registration(
                definition.name(),
                definition.collector().name(),
                definition.state(),
                anchor -> definition.schedule(seed, anchor));
    }

    /** Names of the declared collections, in order. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** Every declared collection, by name. */
    public List<CollectionStatus> statuses() {
        Stored stored = stored();
        return entries.values().stream().map(entry -> status(entry, stored)).toList();
    }

    /** Empty when no collection has that name; names compare without case and dashes. */
    public Optional<CollectionStatus> status(String name) {
        return entry(name).map(entry -> status(entry, stored()));
    }

    /** The collection of that name as it is run. */
    public Optional<ScheduledCollection> scheduled(String name) {
        return entry(name).map(Entry::scheduled);
    }

    private Optional<Entry> entry(String name) {
        String canonical = Names.canonical(name);
        return entries.values().stream()
                .filter(entry -> Names.canonical(entry.definition().name()).equals(canonical))
                .findFirst();
    }

    private record Stored(
            Map<String, CollectionRecord> records, Map<String, Run> active, Map<String, StuckAttempt> stuck) {}

    private Stored stored() {
        return new Stored(
                byName(history.collections(), CollectionRecord::name),
                byName(history.active(), Run::collection),
                byName(pipeline.stuck(), StuckAttempt::collection));
    }

    private static <T> Map<String, T> byName(Collection<T> values, Function<T, String> name) {
        return values.stream().collect(Collectors.toMap(name, Function.identity(), (first, second) -> first));
    }

    private CollectionStatus status(Entry entry, Stored stored) {
        String name = entry.definition().name();
        CollectionRecord record = stored.records().get(name);
        if (record == null) {
            throw new IllegalStateException("collection '" + name + "' is not registered");
        }
        Schedule schedule = entry.scheduled().rules().schedule();
        Progress progress = pipeline.progress(entry.scheduled());
        Instant now = clock.instant();
        return new CollectionStatus(
                entry.definition(),
                record,
                offset(schedule),
                Decider.nextSlot(schedule, progress, now).orElse(null),
                Decider.due(schedule, progress, now).orElse(null),
                stored.active().get(name),
                last(record),
                stored.stuck().get(name));
    }

    private @Nullable Run last(CollectionRecord record) {
        return record.lastRunId() == null
                ? null
                : history.run(record.lastRunId()).orElse(null);
    }

    private static Duration offset(Schedule schedule) {
        return schedule instanceof IntervalSchedule interval ? interval.offset() : Duration.ZERO;
    }

    private void logScheduled(Definition definition, Schedule schedule) {
        if (definition.isRaised()) {
            log.atWarn()
                    .addKeyValue("collection", definition.name())
                    .addKeyValue("configuredInterval", definition.configuredInterval())
                    .addKeyValue("minimumInterval", definition.collector().minimumInterval())
                    .log("interval raised to the collector's minimum");
        }
        log.atInfo()
                .addKeyValue("collection", definition.name())
                .addKeyValue("state", definition.state())
                .addKeyValue("interval", definition.interval())
                .addKeyValue("offset", offset(schedule))
                .addKeyValue(
                        "nextRunAt",
                        definition.enabled()
                                ? schedule.nextAfter(clock.instant().minusMillis(1))
                                        .orElse(null)
                                : null)
                .log("collection scheduled");
    }
}
