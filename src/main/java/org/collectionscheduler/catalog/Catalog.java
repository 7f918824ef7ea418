package org.collectionscheduler.catalog;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.collectionscheduler.catalog.Difference.Changed;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.ConfigurationDifference;
import org.collectionscheduler.run.DeclaredBy;
import org.collectionscheduler.run.Interventions;
import org.collectionscheduler.run.Registration;
import org.collectionscheduler.run.Registrations;
import org.collectionscheduler.run.Registrations.Registered;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.UnreadableRowException;
import org.collectionscheduler.schedule.CollectionState;
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
    private final Agreement agreement;
    private final Clock clock;
    private final CollectionStatuses statuses;

    /** Null while what the configuration declares is in force. */
    private volatile @Nullable Dissent dissent;

    /** Names of what code of this process has registered and that of others has in force otherwise: not followed here. */
    private final Set<String> leftToOthers = ConcurrentHashMap.newKeySet();

    /** By the one form in which names are compared. */
    private volatile NavigableMap<String, Entry> entries = new ConcurrentSkipListMap<>();

    record Entry(Definition definition, ScheduledCollection scheduled, DeclaredBy by) {}

    Catalog(
            Registrations registrations,
            Interventions interventions,
            RunPipeline pipeline,
            Agreement agreement,
            Clock clock) {
        this.registrations = registrations;
        this.interventions = interventions;
        this.pipeline = pipeline;
        this.agreement = agreement;
        this.clock = clock;
        this.statuses = new CollectionStatuses(pipeline, clock);
    }

    /**
     * Makes these the collections that the configuration declares in the deployment with that seed, and retires those
     * that it declared before; while other instances declare others, nothing of that is put in force. A quarantined one is
     * shown and not followed.
     */
    void register(List<Definition> definitions, String seed) {
        Registered registered;
        if (declare(definitions)) {
            registered = putInForce(definitions, seed);
            dissent = null;
        } else {
            registered = registrations.look(registrations(definitions, seed));
            dissent = dissent(definitions, seed, null);
        }
        show(definitions, registered, seed);
        pipeline.abandonRetired();
    }

    /** Stores that the configuration declares these and nothing else. */
    Registered putInForce(List<Definition> definitions, String seed) {
        Registered registered = registrations.register(registrations(definitions, seed));
        registrations.retireAllBut(definitions.stream().map(Definition::name).collect(Collectors.toUnmodifiableSet()));
        isInForce(definitions);
        return registered;
    }

    private static List<Registration> registrations(List<Definition> definitions, String seed) {
        return definitions.stream()
                .map(definition -> definition.registration(seed))
                .toList();
    }

    /**
     * Says to all others that they declare otherwise.
     *
     * @param cause of the reload that declares these; null for a start
     */
    Dissent dissent(List<Definition> definitions, String seed, @Nullable Cause cause) {
        String inForce = agreement.heardInForce();
        ConfigurationDifference difference = differenceFromForce(definitions, seed);
        agreement.differs(difference.text());
        log.atWarn()
                .addKeyValue("otherInstances", agreement.others(Declarations.all(definitions)))
                .addKeyValue("difference", difference.text())
                .log("other instances declare otherwise: what was in force stays so until all declare the same");
        return new Dissent(definitions, differing(difference), difference.lacking(), inForce, Map.of(), cause);
    }

    /** Names of those that are not in force as they are declared here. */
    Set<String> differingFromForce(List<Definition> definitions, String seed) {
        return differing(differenceFromForce(definitions, seed));
    }

    private static Set<String> differing(ConfigurationDifference difference) {
        return Stream.concat(difference.added().stream(), difference.changed().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    ConfigurationDifference differenceFromForce(List<Definition> definitions, String seed) {
        return registrations.difference(registrations(definitions, seed));
    }

    /** What is declared here while the configuration in force is another one; null while it is this process'. */
    @Nullable Dissent dissent() {
        return dissent;
    }

    /** From now on. */
    void dissents(@Nullable Dissent now) {
        dissent = now;
    }

    /** Whether that collection is in force as it is declared here, as far as this process knows. */
    boolean isInForce(String name) {
        Dissent now = dissent;
        return !leftToOthers.contains(name) && (now == null || !now.names().contains(name));
    }

    /** Names of the collections that other instances have in force, and this one does not declare. */
    public List<String> declaredElsewhere() {
        Dissent now = dissent;
        return Stream.concat(
                        now == null ? Stream.of() : now.lacking().stream(),
                        agreement.byCode().declaredByOthers().stream())
                .filter(name -> entry(name).isEmpty())
                .sorted()
                .toList();
    }

    /** Ids of the instances that declare otherwise; empty while what is declared here is in force. */
    List<String> dissenters() {
        Dissent now = dissent;
        return now == null ? List.of() : agreement.others(Declarations.all(now.definitions()));
    }

    /** Whether what the configuration declares here may be in force no more, though it was. Asks nobody. */
    boolean isInDoubt() {
        return dissent == null && !agreement.seemsToHold();
    }

    /** Whether these are what this process declares, and are in force. */
    boolean areStillInForce(List<Definition> definitions) {
        return agreement.holds(Declarations.all(definitions));
    }

    /** What the configuration declares, as it is shown here. */
    List<Definition> configured() {
        return entries.values().stream()
                .filter(entry -> entry.by() == DeclaredBy.CONFIGURATION)
                .map(Entry::definition)
                .toList();
    }

    /** Declares these from now on. False when not all others do: nothing of it is to be put in force. */
    boolean declare(List<Definition> definitions) {
        return agreement.declare(Declarations.all(definitions));
    }

    /** What was declared is stored. */
    void isInForce(List<Definition> definitions) {
        agreement.isInForce(Declarations.all(definitions));
    }

    /** With whom this process agrees. */
    Agreement agreement() {
        return agreement;
    }

    private void show(List<Definition> definitions, Registered registered, String seed) {
        for (Definition definition : definitions) {
            Schedule schedule = registered.schedules().get(definition.name());
            if (schedule == null) {
                put(entry(definition, definition.schedule(seed, clock.instant()), DeclaredBy.CONFIGURATION));
            } else {
                put(entry(definition, schedule, DeclaredBy.CONFIGURATION));
                logScheduled(definition, schedule);
            }
        }
        registered.unreadable().forEach(pipeline::quarantine);
    }

    /**
     * Adds a collection that code in the process declares, or changes it.
     *
     * @return empty when it is quarantined: it is shown and not followed
     */
    Optional<ScheduledCollection> add(Definition definition, String seed, Cause cause) {
        try {
            Schedule schedule = interventions.register(definition.registration(seed, DeclaredBy.PROCESS), cause);
            leftToOthers.remove(definition.name());
            logScheduled(definition, schedule);
            return Optional.of(
                    put(entry(definition, schedule, DeclaredBy.PROCESS)).scheduled());
        } catch (UnreadableRowException e) {
            put(entry(definition, definition.schedule(seed, clock.instant()), DeclaredBy.PROCESS));
            pipeline.quarantine(definition.name(), e);
            return Optional.empty();
        }
    }

    /**
     * Shows a collection that code in the process declares while others have it in force otherwise. One that is followed
     * as it was registered here before stays as it was.
     */
    void leaveToOthers(Definition definition, String seed) {
        boolean isFollowed = entry(definition.name()).isPresent() && !leftToOthers.contains(definition.name());
        if (!isFollowed) {
            Schedule schedule = registrations
                    .look(List.of(definition.registration(seed, DeclaredBy.PROCESS)))
                    .schedules()
                    .getOrDefault(definition.name(), definition.schedule(seed, clock.instant()));
            leftToOthers.add(definition.name());
            put(entry(definition, schedule, DeclaredBy.PROCESS));
        }
    }

    /** Whether it is that definition of the collection that is followed here. */
    boolean isFollowed(Definition definition) {
        return !leftToOthers.contains(definition.name())
                && entry(definition.name())
                        .filter(entry -> entry.definition() == definition)
                        .isPresent();
    }

    private static Entry entry(Definition definition, Schedule schedule, DeclaredBy by) {
        return new Entry(definition, definition.scheduled(schedule), by);
    }

    private Entry put(Entry entry) {
        entries.put(Names.canonical(entry.definition().name()), entry);
        return entry;
    }

    /**
     * What becomes of the collections when the configuration declares these.
     *
     * @throws org.collectionscheduler.settings.StartRefusedException when code has registered some of them
     */
    Difference difference(List<Definition> declared) {
        return Difference.between(entries.values(), declared);
    }

    /**
     * Shows the collections as they are declared now; whoever reads at that moment sees all as it was, or all as it is.
     * Meanwhile nobody adds or retires any.
     *
     * @param schedules in force, by name; what has none is quarantined
     */
    void replace(Difference difference, Map<String, Schedule> schedules, String seed) {
        List<Definition> declared = Stream.concat(
                        difference.added().stream(),
                        difference.changed().stream().map(Changed::now))
                .toList();
        declared.forEach(Catalog::warnIfRaised);
        replace(difference.retired(), declared, schedules, seed);
    }

    private void replace(List<Entry> retired, List<Definition> declared, Map<String, Schedule> schedules, String seed) {
        NavigableMap<String, Entry> replaced = new ConcurrentSkipListMap<>(entries);
        retired.forEach(
                entry -> replaced.remove(Names.canonical(entry.definition().name())));
        declared.forEach(definition -> {
            Schedule schedule = schedules.get(definition.name());
            Schedule inForce = schedule == null ? definition.schedule(seed, clock.instant()) : schedule;
            replaced.put(Names.canonical(definition.name()), entry(definition, inForce, DeclaredBy.CONFIGURATION));
        });
        entries = replaced;
    }

    /** As the other one, with what is stored of those that are declared; what cannot be read is quarantined. */
    void replace(List<Entry> retired, List<Definition> declared, String seed) {
        Registered looked = registrations.look(registrations(declared, seed));
        replace(retired, declared, looked.schedules(), seed);
        looked.unreadable().forEach(pipeline::quarantine);
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
        Entry removed = entries.remove(Names.canonical(name));
        boolean wasLeft = leftToOthers.remove(name);
        if (removed != null && !wasLeft) {
            pipeline.forget(removed.scheduled());
        }
        return removed != null || retired[0];
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
                .filter(collection -> isInForce(collection.name()))
                .toList();
    }

    /** Names of the declared collections, in the order of their names without case and dashes. */
    public List<String> names() {
        return entries.values().stream().map(entry -> entry.definition().name()).toList();
    }

    /** Every declared collection, in the order of {@link #names()}. */
    public List<CollectionStatus> statuses() {
        return statuses.of(entries.values());
    }

    /**
     * Empty when no collection has that name; names compare without case and dashes.
     *
     * @throws org.collectionscheduler.run.UnreadableRowException when its stored row cannot be read
     */
    public Optional<CollectionStatus> status(String name) {
        return entry(name).flatMap(entry -> statuses.of(List.of(entry)).stream().findFirst());
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

    /** The collection of that name as it is run. */
    public Optional<ScheduledCollection> scheduled(String name) {
        return entry(name).map(Entry::scheduled);
    }

    private Optional<Entry> entry(String name) {
        return Optional.ofNullable(entries.get(Names.canonical(name)));
    }

    private static void warnIfRaised(Definition definition) {
        if (definition.isRaised() && definition.configuredRhythm() instanceof Rhythm.Interval configured) {
            log.atWarn()
                    .addKeyValue("collection", definition.name())
                    .addKeyValue("configuredInterval", configured.every())
                    .addKeyValue("minimumInterval", definition.collector().minimumInterval())
                    .log("interval raised to the collector's minimum");
        }
    }

    private void logScheduled(Definition definition, Schedule schedule) {
        warnIfRaised(definition);
        log.atInfo()
                .addKeyValue("collection", definition.name())
                .addKeyValue("declared", definition.state())
                .addKeyValue("schedule", definition.rhythm().text())
                .addKeyValue("offset", schedule.offset())
                .addKeyValue(
                        "nextSlot",
                        schedule.nextAfter(clock.instant().minusMillis(1)).orElse(null))
                .log("collection declared");
    }
}
