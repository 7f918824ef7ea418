package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Pseudonyms;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.Rules;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.schedule.StartPolicy;
import org.collectionscheduler.schedule.Suspension;
import org.collectionscheduler.schedule.TestRules;
import org.collectionscheduler.store.Deployment;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.jspecify.annotations.Nullable;

/** One process's worth of running, over a store that may outlive it. */
public final class TestRuns {

    public static final RetryPolicy RETRY = new RetryPolicy(3, Duration.ofSeconds(10), 2, Duration.ofSeconds(60), 0);

    public static final Suspension NEVER_RESTED = new Suspension(0, Duration.ofMinutes(1), Duration.ofHours(1));

    public static final Cause CAUSE = new Cause("test", null);

    /** But that of the envelope. */
    private static final PayloadSchemas NO_SCHEMAS = PayloadSchemas.of(List.of());

    /** Daemon threads that end when they are not needed for a while. */
    private static final ExecutorService THREADS = RunConfiguration.threads(8);

    private static final ScheduledExecutorService TIMER = RunConfiguration.timer();

    private static final AtomicInteger INSTANCES = new AtomicInteger();

    public final RecordedEvents events = new RecordedEvents();
    public final RunPipeline pipeline;
    public final RunHistory history;
    public final Registrations registrations;
    public final Interventions interventions;
    public final Redeclarations redeclarations;
    final RunLedger ledger;
    private final Executor threads;
    final Activities activities;
    final AttemptSupervisor supervisor;
    public final ClaimGate gate = new ClaimGate();
    public final Instance instance = anInstance();

    public TestRuns(Store store, Clock clock, Ticker ticker, int permits) {
        this(store, permits, environment(clock, ticker, () -> {}));
    }

    /** One of several processes that share the store. */
    public TestRuns(Store store, Clock clock, int permits, Peers peers) {
        this(store, permits, environment(clock, System::nanoTime, () -> {}), THREADS, peers);
    }

    /** As the service's own collection of that name has it. */
    public static Collector retention(Store store, StoreProperties.Retention limits) {
        return new Retention(() -> store, () -> limits);
    }

    /** One that is no other. */
    public static Instance anInstance() {
        return Instance.named("instance-" + INSTANCES.incrementAndGet());
    }

    /** Lends threads to attempts. */
    public static Executor threads() {
        return THREADS;
    }

    TestRuns(Store store, int permits, AttemptExecution.Environment environment) {
        this(store, permits, environment, THREADS);
    }

    TestRuns(Store store, int permits, AttemptExecution.Environment environment, Executor threads) {
        this(store, permits, environment, threads, Peers.NONE);
    }

    private TestRuns(
            Store store, int permits, AttemptExecution.Environment environment, Executor threads, Peers peers) {
        this.threads = threads;
        activities = new Activities(peers);
        Clock clock = environment.clock();
        ledger = new RunLedger(store, clock, instance, gate);
        history = new RunHistory(store);
        registrations = new Registrations(store, clock);
        RunEvents runEvents = new RunEvents(events, instance);
        RunQueue queue = TestRuns.queue(permits, collector -> permits, threads);
        supervisor = new AttemptSupervisor(ledger, queue, activities, runEvents, environment);
        interventions = new Interventions(store, runEvents, clock);
        redeclarations = new Redeclarations(store, runEvents, clock);
        Standings standings = new Standings(ledger, activities, clock);
        pipeline = new RunPipeline(ledger, supervisor, activities, standings, runEvents, clock);
    }

    /**
     * The newest runs, all of which can be read.
     *
     * @param collection null for all
     */
    public static List<Run> newest(RunHistory history, @Nullable String collection, int limit) {
        HistoryPage<Run> page = history.runs(runsOf(collection), null, limit);
        assertThat(page.unreadable()).isEmpty();
        return page.rows();
    }

    /** Its runs; all runs for null. */
    static RunFilter runsOf(@Nullable String collection) {
        return new RunFilter(collection, null, null, null, null, null);
    }

    static AttemptExecution.Environment environment(Clock clock, Ticker ticker, Runnable exhaustedHeap) {
        return environment(clock, ticker, exhaustedHeap, NO_SCHEMAS);
    }

    static AttemptExecution.Environment environment(
            Clock clock, Ticker ticker, Runnable exhaustedHeap, PayloadSchemas schemas) {
        return environment(clock, ticker, exhaustedHeap, schemas, THREADS);
    }

    /** Collectors run on the thread that waits for them meanwhile: they must return by themselves. */
    static AttemptExecution.Environment onWaitingThread(Clock clock) {
        return environment(clock, new MutableTicker(), () -> {}, NO_SCHEMAS, Runnable::run);
    }

    private static AttemptExecution.Environment environment(
            Clock clock, Ticker ticker, Runnable exhaustedHeap, PayloadSchemas schemas, Executor threads) {
        byte[] salt = "a salt that only tests use".getBytes(StandardCharsets.UTF_8);
        return new AttemptExecution.Environment(
                clock,
                ticker,
                new Pseudonyms(salt, Pseudonyms.NamespaceNames.HASHED),
                new Envelope(100_000, Deployment.Origin.STORED, schemas),
                TIMER,
                threads,
                exhaustedHeap);
    }

    /** What a test's collection is like unless the test says otherwise. */
    public static final class Spec {

        public Duration interval = Duration.ofHours(1);
        public Duration offset = Duration.ZERO;
        public MissedRuns missedRuns = MissedRuns.RUN_ONCE;
        public RunOnStart runOnStart = RunOnStart.NEVER;
        public Duration timeout = Duration.ofMinutes(1);
        public RetryPolicy retry = RETRY;
        public Suspension suspension = NEVER_RESTED;
        public int maxOverlap = 1;
        public QuietTimes quiet = QuietTimes.NONE;
        public @Nullable Rhythm rhythm;
        public @Nullable Duration startDeadline;
        public @Nullable Duration queueTimeout;
        public @Nullable Duration minimumInterval;

        private Duration minimumInterval() {
            Duration half = Duration.ofMinutes(30);
            Duration otherwise = interval.compareTo(half) < 0 ? interval : half;
            return minimumInterval == null ? otherwise : minimumInterval;
        }
    }

    /** Wakes a collection and lends a thread to what that has begun. */
    public Optional<Instant> wake(ScheduledCollection collection) {
        RunPipeline.Woken woken = pipeline.wake(collection);
        woken.begun().ifPresent(threads::execute);
        return woken.next();
    }

    /** Registers a collection whose first slot is now, if it is new. */
    public ScheduledCollection register(String name, Collector collector, Consumer<Spec> change) {
        Spec spec = new Spec();
        change.accept(spec);
        Rhythm rhythm = spec.rhythm == null ? new Rhythm.Interval(spec.interval) : spec.rhythm;
        Schedule schedule = register(
                registrations,
                name,
                collector.name(),
                CollectionState.ACTIVE,
                anchor -> rhythm.schedule(anchor, spec.offset));
        StartPolicy start = new StartPolicy(spec.missedRuns, spec.startDeadline, spec.queueTimeout, spec.maxOverlap);
        Rules rules = new Rules(schedule, spec.quiet, start, spec.runOnStart, spec.minimumInterval());
        return new ScheduledCollection(
                name,
                collector,
                rules,
                new RunPolicy(spec.timeout, spec.retry, spec.suspension),
                Parameters.NONE,
                "test");
    }

    /** A queue of one process alone, in which a collector may have so many of the permits. */
    static RunQueue queue(int permits, ToIntFunction<String> most, Executor threads) {
        return queue(permits, most, collector -> OptionalInt.empty(), DeploymentLimits.NONE, threads);
    }

    static RunQueue queue(
            int permits,
            ToIntFunction<String> most,
            Function<String, OptionalInt> everywhere,
            DeploymentLimits deployment,
            Executor threads) {
        CollectorLimits limits = new CollectorLimits() {
            @Override
            public int here(String collector) {
                return most.applyAsInt(collector);
            }

            @Override
            public OptionalInt everywhere(String collector) {
                return everywhere.apply(collector);
            }
        };
        return new RunQueue(permits, limits, deployment, threads, TIMER);
    }

    /** A claim by somebody who has just looked. */
    static Optional<Run> claim(RunLedger ledger, ScheduledCollection collection, Decision.Start start) {
        return ledger.claim(collection, start, lastDecided(ledger, collection.name()));
    }

    static Optional<Run> claimBegun(RunLedger ledger, ScheduledCollection collection, Decision.Start start) {
        return ledger.claimBegun(collection, start, lastDecided(ledger, collection.name()));
    }

    static Optional<Run> skip(RunLedger ledger, String collection, Decision.Skip skip) {
        return ledger.skip(collection, skip, lastDecided(ledger, collection));
    }

    private static @Nullable Instant lastDecided(RunLedger ledger, String collection) {
        Schedule any = new Rhythm.Interval(Duration.ofHours(1)).schedule(Instant.EPOCH, Duration.ZERO);
        return ledger.snapshot(collection, any).collection().lastDecidedSlot();
    }

    /** What that instance does in the store, with its claims free. */
    static RunLedger ledger(Store store, Clock clock, String instance) {
        return new RunLedger(store, clock, Instance.named(instance), new ClaimGate());
    }

    /** Registers one collection alone. */
    static Schedule register(
            Registrations registrations,
            String name,
            String collector,
            CollectionState state,
            Function<Instant, Schedule> schedule) {
        Registration registration =
                new Registration(name, collector, state, DeclaredBy.CONFIGURATION, schedule, "test");
        return Objects.requireNonNull(
                registrations.register(List.of(registration)).schedules().get(name));
    }

    /** A collection of that name whose failures lead to nothing, and that does not overlap itself. */
    static ScheduledCollection named(String name) {
        Schedule hourly = new Rhythm.Interval(Duration.ofHours(1)).schedule(Instant.EPOCH, Duration.ZERO);
        return new ScheduledCollection(
                name,
                TestCollector.succeeding(),
                TestRules.of(hourly, MissedRuns.RUN_ONCE, RunOnStart.NEVER),
                new RunPolicy(Duration.ofMinutes(1), RETRY, NEVER_RESTED),
                Parameters.NONE,
                "test");
    }

    public ScheduledCollection register(String name, Collector collector) {
        return register(name, collector, spec -> {});
    }

    public CollectionRecord record(String name) {
        return history.collections().stream()
                .filter(record -> record.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Newest first. */
    static List<Payload> newestPayloads(RunHistory history, @Nullable String collection, int limit) {
        return history.newestPayloadIds(collection, limit).stream()
                .flatMap(id -> history.payload(id).stream())
                .toList();
    }
}
