package org.collectionscheduler.catalog;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.CollectionRecord;
import org.collectionscheduler.run.DeclaredBy;
import org.collectionscheduler.run.Interventions;
import org.collectionscheduler.run.Registrations;
import org.collectionscheduler.run.Registrations.Registered;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.StuckAttempt;
import org.collectionscheduler.run.UnreadableRowException;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.Progress;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.settings.Names;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The collections of this process. Reading methods may throw {@code StoreUnavailableException}. */
public final class Catalog {

    private static final Logger log = LoggerFactory.getLogger(Catalog.class);

    private final Registrations registrations;
    private final Interventions interventions;
    private final RunPipeline pipeline;
    private final RunHistory history;
    private final Clock clock;
    /** By the one form in which names are compared. */
    private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

    private record Entry(Definition definition, ScheduledCollection scheduled) {}

    Catalog(
            Registrations registrations,
            Interventions interventions,
            RunPipeline pipeline,
            RunHistory history,
            Clock clock) {
        this.registrations = registrations;
        this.interventions = interventions;
        this.pipeline = pipeline;
        this.history = history;
        this.clock = clock;
    }

    /**
     * Makes these the collections that the configuration declares in the deployment with that seed, and retires those
     * that it declared before. A quarantined one is shown and not followed.
     */
    void register(List<Definition> definitions, String seed) {
        Registered registered = registrations.register(definitions.stream()
                .map(definition -> definition.registration(seed))
                .toList());
        for (Definition definition : definitions) {
            Schedule schedule = registered.schedules().get(definition.name());
            if (schedule == null) {
                put(definition, definition.schedule(seed, clock.instant()));
            } else {
                put(definition, schedule);
                logScheduled(definition, schedule);
            }
        }
        registered.unreadable().forEach(pipeline::quarantine);
        registrations.retireAllBut(definitions.stream().map(Definition::name).collect(Collectors.toUnmodifiableSet()));
        pipeline.abandonRetired();
    }

    /**
     * Adds a collection that code in the process declares, or changes it.
     *
     * @return empty when it is quarantined: it is shown and not followed
     */
    Optional<ScheduledCollection> add(Definition definition, String seed, Cause cause) {
        try {
            Schedule schedule = interventions.register(definition.registration(seed, DeclaredBy.PROCESS), cause);
            logScheduled(definition, schedule);
            return Optional.of(put(definition, schedule).scheduled());
        } catch (UnreadableRowException e) {
            put(definition, definition.schedule(seed, clock.instant()));
            pipeline.quarantine(definition.name(), e);
            return Optional.empty();
        }
    }

    private Entry put(Definition definition, Schedule schedule) {
        Entry entry = new Entry(definition, definition.scheduled(schedule));
        entries.put(Names.canonical(definition.name()), entry);
        return entry;
    }

    /**
     * Shows the collection no more, and follows its schedule no more.
     *
     * @param name as it is stored
     * @return false when it is neither declared nor stored
     */
    boolean retire(String name, Cause cause) {
        boolean[] retired = new boolean[1];
        pipeline.remove(name, () -> retired[0] = interventions.remove(name, cause));
        return entries.remove(Names.canonical(name)) != null || retired[0];
    }

    int size() {
        return entries.size();
    }

    /** As it is declared, whatever became of it. */
    CollectionState declaredState(String name) {
        return entry(name).map(entry -> entry.definition().state()).orElse(CollectionState.RETIRED);
    }

    /** Those whose schedules are followed. */
    Collection<ScheduledCollection> followed() {
        return entries.values().stream()
                .map(Entry::scheduled)
                .filter(collection -> !pipeline.isQuarantined(collection.name()))
                .toList();
    }

    /** Names of the declared collections, in the order of their names without case and dashes. */
    public List<String> names() {
        return entries.values().stream().map(entry -> entry.definition().name()).toList();
    }

    /** Every declared collection, in the order of {@link #names()}. */
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
        return Optional.ofNullable(entries.get(Names.canonical(name)));
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
        Optional<Progress> progress = progress(entry.scheduled());
        Instant now = clock.instant();
        return new CollectionStatus(
                entry.definition(),
                record,
                progress.map(known -> Decider.state(schedule, known)).orElse(CollectionState.QUARANTINED),
                schedule.offset(),
                progress.flatMap(known -> Decider.nextRunAt(entry.scheduled().rules(), known, now))
                        .orElse(null),
                progress.flatMap(known -> Decider.due(schedule, known, now)).orElse(null),
                stored.active().get(name),
                last(record),
                stored.stuck().get(name));
    }

    /** Empty when it is quarantined; a row that can be read no more may be noticed here first. */
    private Optional<Progress> progress(ScheduledCollection collection) {
        if (pipeline.isQuarantined(collection.name())) {
            return Optional.empty();
        }
        try {
            return Optional.of(pipeline.progress(collection));
        } catch (UnreadableRowException e) {
            pipeline.quarantine(collection.name(), e);
            return Optional.empty();
        }
    }

    /** A finished run that cannot be read is history that is lost, and no reason to stop anything. */
    private @Nullable Run last(CollectionRecord record) {
        try {
            return record.lastRunId() == null
                    ? null
                    : history.run(record.lastRunId()).orElse(null);
        } catch (UnreadableRowException e) {
            log.atWarn()
                    .addKeyValue("collection", record.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("last run not shown");
            return null;
        }
    }

    private void logScheduled(Definition definition, Schedule schedule) {
        if (definition.isRaised() && definition.configuredRhythm() instanceof Rhythm.Interval configured) {
            log.atWarn()
                    .addKeyValue("collection", definition.name())
                    .addKeyValue("configuredInterval", configured.every())
                    .addKeyValue("minimumInterval", definition.collector().minimumInterval())
                    .log("interval raised to the collector's minimum");
        }
        log.atInfo()
                .addKeyValue("collection", definition.name())
                .addKeyValue("state", definition.state())
                .addKeyValue("schedule", definition.rhythm().text())
                .addKeyValue("offset", schedule.offset())
                .addKeyValue(
                        "nextRunAt",
                        definition.enabled()
                                ? schedule.nextAfter(clock.instant().minusMillis(1))
                                        .orElse(null)
                                : null)
                .log("collection scheduled");
    }
}
