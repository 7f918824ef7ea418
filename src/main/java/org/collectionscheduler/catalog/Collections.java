package org.collectionscheduler.catalog;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.collectionscheduler.catalog.CodeDeclarations.ByProcess;
import org.collectionscheduler.catalog.PolicyProperties.Overrides;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.dispatch.Dispatcher;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.Interventions;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.settings.Names;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What code in the process does with collections. Safe for use by many threads; names compare without case and dashes.
 *
 * <p>A collection that code registers keeps its anchor, its counters, its pause and its history in the store. After a
 * restart it rests until code registers it again; slots that passed in between are missed slots. Every method may throw
 * {@code StoreUnavailableException}: nothing was changed then.
 */
public final class Collections {

    private static final Logger log = LoggerFactory.getLogger(Collections.class);

    private static final String ORIGIN = "process";
    private static final int LOCKS = 64;

    /** How long a stop waits for changes that are being stored. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    /** What a collection gathers, as {@link org.collectionscheduler.collector.Collector#collect}. */
    @FunctionalInterface
    public interface Gathering {

        Collected collect(CollectionContext context) throws Exception;
    }

    /**
     * What a collection has otherwise than others.
     *
     * @param maxOffset its offset lies in [0, maxOffset)
     * @param minimumInterval a shorter interval is raised to it
     * @param repeatable whether collecting a second time, after an attempt whose end is unknown, does no harm
     * @param collector name of the collector it is counted under, with its limit of concurrent runs; null means the
     *     collection's own
     * @param policies null values mean as {@code scheduler.defaults} says
     */
    public record Options(
            Duration maxOffset,
            Duration minimumInterval,
            boolean repeatable,
            @Nullable String collector,
            Overrides policies) {

        public static final Options DEFAULT =
                new Options(Duration.ZERO, Duration.ofSeconds(1), true, null, Overrides.NONE);

        public Options withMaxOffset(Duration newMaxOffset) {
            return new Options(newMaxOffset, minimumInterval, repeatable, collector, policies);
        }

        public Options withMinimumInterval(Duration newMinimumInterval) {
            return new Options(maxOffset, newMinimumInterval, repeatable, collector, policies);
        }

        /** A run is attempted at most once. */
        public Options notRepeatable() {
            return new Options(maxOffset, minimumInterval, false, collector, policies);
        }

        public Options withCollector(String newCollector) {
            return new Options(maxOffset, minimumInterval, repeatable, newCollector, policies);
        }

        /** In place of all policies, labels and owner given so far. */
        public Options withPolicies(Overrides newPolicies) {
            return new Options(maxOffset, minimumInterval, repeatable, collector, newPolicies);
        }

        public Options withTimeout(Duration timeout) {
            return withPolicies(policies.withTimeout(timeout));
        }

        public Options withLabels(Map<String, String> labels) {
            return withPolicies(policies.withLabels(labels));
        }

        public Options withOwner(String owner) {
            return withPolicies(policies.withOwner(owner));
        }
    }

    /** What carries out what is asked for here. */
    record Engine(Interventions interventions, RunPipeline pipeline, Dispatcher dispatcher) {}

    private enum Phase {
        BEFORE_START,
        RUNNING,
        STOPPED
    }

    private final Catalog catalog;
    private final Engine engine;
    private final String seed;
    private final CodeDeclarations byCode;
    private volatile ProcessDefinitions definitions;

    /** What a reload has declared; null before the first. */
    private volatile @Nullable List<Definition> redeclared;

    /** Read by whoever changes one collection, written by whoever starts, stops or reloads all. */
    private final ReadWriteLock starting = new ReentrantReadWriteLock();

    /** Changes of one collection come one after the other. */
    private final Object[] changing = new Object[LOCKS];

    private volatile Phase phase = Phase.BEFORE_START;

    Collections(Catalog catalog, Engine engine, ProcessDefinitions definitions, String seed) {
        this.catalog = catalog;
        this.engine = engine;
        this.definitions = definitions;
        this.seed = seed;
        this.byCode = new CodeDeclarations(catalog.agreement().byCode());
        java.util.Arrays.setAll(changing, number -> new Object());
    }

    /**
     * The rhythm of a cron expression, as the configuration takes it.
     *
     * @param zone of its local times
     * @throws IllegalArgumentException when it is no expression, or never fires
     */
    public static Rhythm cron(String expression, ZoneId zone) {
        return ProcessDefinitions.cron(expression, zone);
    }

    /** As the other one, with nothing otherwise than others have it. */
    public void register(String name, Rhythm rhythm, Gathering gathering) {
        register(name, rhythm, Options.DEFAULT, gathering);
    }

    /**
     * Has a collection run. One that code has registered before is changed: it keeps its anchor, and a changed rhythm
     * begins at its first slot after the change. Before the service has started, it runs from the start on. When what is
     * stored of it cannot be read, it is quarantined: shown, and not run. While other live instances declare it otherwise,
     * what is in force stays so; once all declare the same, that is.
     *
     * @throws IllegalArgumentException when the configuration would be refused that says the same, or declares a
     *     collection of that name
     * @throws IllegalStateException once the service has stopped
     */
    public void register(String name, Rhythm rhythm, Options options, Gathering gathering) {
        change(name, () -> {
            ByProcess declared = new ByProcess(definitions.define(name, rhythm, options, gathering), cause(null));
            requireOneSpelling(name);
            if (byCode.isGranted(declared)) {
                follow(declared);
            } else {
                catalog.leaveToOthers(declared.definition(), seed);
                log.atWarn()
                        .addKeyValue("collection", name)
                        .log(
                                "other instances declare it otherwise: what is in force stays so until all declare the same");
            }
            byCode.add(declared);
            return true;
        });
    }

    private void follow(ByProcess declared) {
        Optional<ScheduledCollection> before =
                catalog.scheduled(declared.name()).filter(this::isFollowed);
        catalog.add(declared.definition(), seed, declared.cause()).ifPresent(collection -> {
            if (phase == Phase.RUNNING) {
                engine.pipeline().added(List.of(collection));
                before.ifPresent(engine.pipeline()::forget);
                engine.dispatcher().add(collection);
            }
        });
    }

    private boolean isFollowed(ScheduledCollection collection) {
        return catalog.isInForce(collection.name());
    }

    /** Puts in force what code has registered once no other instance declares what is, or follows the others in it. */
    void settle() {
        if (phase == Phase.RUNNING && !byCode.isSettled(catalog)) {
            alone(() -> {
                byCode.toBeFollowed(catalog).stream()
                        .filter(declared -> !engine.pipeline().isQuarantined(declared.name()))
                        .forEach(this::follow);
                return true;
            });
        }
    }

    /** Under another spelling it would be another row of the store. */
    private void requireOneSpelling(String name) {
        catalog.scheduled(name)
                .map(ScheduledCollection::name)
                .filter(registered -> !registered.equals(name))
                .ifPresent(registered -> {
                    throw new IllegalArgumentException(
                            "collection '" + name + "' is registered as '" + registered
                                    + "', which is the same name without case and dashes. Write it as that, or give it another");
                });
    }

    /**
     * Holds the collection's schedule until somebody resumes it, over restarts, too.
     *
     * @param reason for the audit; null when there is none
     * @return false when it was paused before
     * @throws IllegalArgumentException when there is no such collection
     * @throws IllegalStateException once the service has stopped
     */
    public boolean pause(String name, @Nullable String reason) {
        return intervene(name, reason, engine.interventions()::pause);
    }

    /**
     * Follows the collection's schedule again, from now on: ends a pause as well as a rest that its failures led to.
     *
     * @param reason for the audit; null when there is none
     * @return false when there was neither
     * @throws IllegalArgumentException when there is no such collection
     * @throws IllegalStateException once the service has stopped
     */
    public boolean resume(String name, @Nullable String reason) {
        return intervene(name, reason, engine.interventions()::resume);
    }

    private boolean intervene(String name, @Nullable String reason, BiPredicate<ScheduledCollection, Cause> deed) {
        return change(name, () -> deed.test(require(name), cause(reason)));
    }

    /**
     * Starts a run now, in addition to what the schedule says.
     *
     * @param reason for the audit; null when there is none
     * @return empty when as many runs as may overlap are unfinished
     * @throws IllegalArgumentException when there is no such collection
     * @throws IllegalStateException when the configuration has disabled it, or the service does not run
     * @throws org.collectionscheduler.run.QuarantinedException when what is stored of it cannot be read
     */
    public Optional<Run> run(String name, @Nullable String reason) {
        return change(name, () -> {
            ScheduledCollection collection = require(name);
            if (phase != Phase.RUNNING) {
                throw new IllegalStateException(
                        "collection '" + name + "' cannot run yet: the service has not started. Ask for it later");
            }
            if (catalog.declaredState(name) == CollectionState.DISABLED) {
                throw new IllegalStateException("collection '" + name + "' is disabled by configuration");
            }
            return engine.pipeline().demand(collection, cause(reason));
        });
    }

    /**
     * Has a collection that code has registered, in this process or an earlier one, run no more. What is stored of it
     * stays readable, until it is too old. Its unfinished runs are given up, but an attempt that is under way goes on, and
     * how it ends is stored.
     *
     * @param reason for the audit; null when there is none
     * @return false when there is no such collection
     * @throws IllegalArgumentException when the configuration declares it
     * @throws IllegalStateException once the service has stopped
     */
    public boolean remove(String name, @Nullable String reason) {
        return change(name, () -> {
            if (definitions.isConfigured(name)) {
                throw new IllegalArgumentException("collection '" + name
                        + "' is declared by the configuration, so code cannot remove it. Disable it there");
            }
            String stored =
                    catalog.scheduled(name).map(ScheduledCollection::name).orElse(name);
            boolean removed = catalog.retire(stored, cause(reason));
            byCode.remove(stored);
            engine.dispatcher().remove(stored);
            return removed;
        });
    }

    /**
     * Registers what the configuration declares, and starts all collections.
     *
     * @return how many there are
     */
    int start(List<Definition> configured) {
        List<Definition> latest = redeclared;
        return engine.pipeline().tellingAfterwards(() -> {
            starting.writeLock().lock();
            try {
                catalog.register(latest == null ? configured : latest, seed);
                var followed = catalog.followed();
                engine.pipeline().starting(followed);
                engine.dispatcher().start(followed);
                phase = Phase.RUNNING;
                return catalog.size();
            } finally {
                starting.writeLock().unlock();
            }
        });
    }

    /**
     * Does the work while nobody changes anything else.
     *
     * @return what it returns; empty, without having done it, unless the service runs
     */
    <T> Optional<T> alone(Supplier<T> work) {
        return engine.pipeline().tellingAfterwards(() -> {
            starting.writeLock().lock();
            try {
                return phase == Phase.RUNNING ? Optional.of(work.get()) : Optional.empty();
            } finally {
                starting.writeLock().unlock();
            }
        });
    }

    /** From now on goes by this configuration, which is in force; called by work done alone. */
    void follow(Redeclarer.Wanted wanted) {
        definitions = wanted.forCode();
        redeclared = wanted.configured();
    }

    /** Of the deployment. */
    String seed() {
        return seed;
    }

    /** Wakes nothing more, and takes no more changes until the next start. */
    void stop() {
        boolean alone = isAloneInTime();
        try {
            phase = Phase.STOPPED;
            engine.dispatcher().stop();
        } finally {
            if (alone) {
                starting.writeLock().unlock();
            }
        }
    }

    /** False when a change has not ended by then: the service stops all the same. */
    private boolean isAloneInTime() {
        try {
            return starting.writeLock().tryLock(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private <T> T change(String name, Supplier<T> deed) {
        return engine.pipeline().tellingAfterwards(() -> changeAlone(name, deed));
    }

    private <T> T changeAlone(String name, Supplier<T> deed) {
        starting.readLock().lock();
        try {
            if (phase == Phase.STOPPED) {
                throw new IllegalStateException("collection '" + name + "' cannot be changed: the service has stopped");
            }
            synchronized (changing[Math.floorMod(Names.canonical(name).hashCode(), LOCKS)]) {
                return deed.get();
            }
        } finally {
            starting.readLock().unlock();
        }
    }

    private ScheduledCollection require(String name) {
        return catalog.scheduled(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no collection '" + name
                        + "': the configuration does not declare it, and code has not registered it"));
    }

    private static Cause cause(@Nullable String reason) {
        return new Cause(ORIGIN, reason);
    }
}
