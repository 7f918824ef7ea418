package org.collectionscheduler.catalog;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.collectionscheduler.run.Registrations;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
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
    private final RunPipeline pipeline;
    private final RunHistory history;
    private final Clock clock;
    private final CollectionStatuses statuses;
    private volatile NavigableMap<String, Entry> entries = new TreeMap<>();

    record Entry(Definition definition, ScheduledCollection scheduled) {}

    Catalog(Registrations registrations, RunPipeline pipeline, RunHistory history, Clock clock) {
        this.registrations = registrations;
        this.pipeline = pipeline;
        this.history = history;
        this.clock = clock;
        this.statuses = new CollectionStatuses(pipeline, clock);
    }

    /** Makes these the collections of the deployment with that seed, and retires all others. */
    Collection<ScheduledCollection> register(List<Definition> definitions, String seed) {
        Map<String, Schedule> schedules = registrations.register(definitions.stream()
                .map(definition -> definition.registration(seed))
                .toList());
        NavigableMap<String, Entry> registered = new TreeMap<>();
        for (Definition definition : definitions) {
            Schedule schedule = schedules.get(definition.name());
            if (schedule != null) {
                registered.put(definition.name(), new Entry(definition, definition.scheduled(schedule)));
                logScheduled(definition, schedule);
            }
        }
        Set<String> names = definitions.stream().map(Definition::name).collect(Collectors.toUnmodifiableSet());
        registrations.retireAllBut(names);
        pipeline.abandonUndeclared(names);
        entries = registered;
        return registered.values().stream().map(Entry::scheduled).toList();
    }

    /** Names of the declared collections, in order. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** Every declared collection, by name; one whose stored row cannot be read is left out. */
    public List<CollectionStatus> statuses() {
        return statuses.of(entries.values());
    }

    /**
     * Empty when no collection has that name; names compare without case and dashes.
     *
     * @throws org.collectionscheduler.run.UnreadableRowException when its stored row cannot be read
     */
    public Optional<CollectionStatus> status(String name) {
        return entry(name).map(statuses::of);
    }

    /**
     * A part of the list of the wanted collections; those whose stored row cannot be read are left out.
     *
     * @param after begins behind that position; null for the beginning
     * @param limit at least 1
     */
    public CollectionPage page(
            CollectionFilter filter, CollectionOrder order, CollectionOrder.@Nullable Position after, int limit) {
        return new CollectionPager(statuses, entries).page(filter, order, after, limit);
    }

    /** Names of the collections whose schedule is followed no more because their stored row could not be read. */
    public List<String> quarantined() {
        return history.quarantined();
    }

    /** The collection of that name as it is run. */
    public Optional<ScheduledCollection> scheduled(String name) {
        return entry(name).map(Entry::scheduled);
    }

    private Optional<Entry> entry(String name) {
        Entry exact = entries.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        String canonical = Names.canonical(name);
        return entries.values().stream()
                .filter(entry -> Names.canonical(entry.definition().name()).equals(canonical))
                .findFirst();
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
