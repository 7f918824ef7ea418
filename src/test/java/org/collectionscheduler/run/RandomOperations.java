package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.QuietTimes.Slots;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.Rules;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.schedule.StartPolicy;
import org.collectionscheduler.schedule.Suspension;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.ReopenedDatabase;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreUnavailableException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whatever operators, configurations, clocks, crashes and the store do to three collections, over the real pipeline and a
 * real database. A dispatcher is played that wakes a collection when it asked for that and when it is free. Runs that got
 * their permit go on when the play lets them, so that some are always in between.
 */
final class RandomOperations implements AutoCloseable {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final int MOST_WAKES = 10_000;

    /** Nothing runs when it begins. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Random random;
    private final MutableClock clock = new MutableClock();
    private final ReopenedDatabase database = new ReopenedDatabase(clock);
    private final Map<String, ModelCollection> models = new LinkedHashMap<>();
    private final Map<String, ScheduledCollection> declared = new LinkedHashMap<>();
    private final Map<String, Instant> wakeAt = new HashMap<>();
    private final Set<String> dirty = new HashSet<>();
    private final Set<String> attempts = new HashSet<>();
    private final Map<AuditEntry.Action, Integer> changes = new HashMap<>();

    /** Of what runs and listeners saw: they cannot throw. */
    private final List<String> faults = new ArrayList<>();

    private final List<String> said = new ArrayList<>();
    private Queue<Runnable> begun = new ArrayDeque<>();
    private Store store;
    private TestRuns runs;
    private long lastRow;
    private boolean storeAway;

    RandomOperations(long seed) {
        random = new Random(seed);
        store = database.open();
        runs = process();
        for (String name : NAMES) {
            register(name);
        }
        runs.pipeline.starting(List.copyOf(declared.values()));
        dispatch();
    }

    /** @throws AssertionError that says what was done before it */
    void operate(int operations) {
        try {
            for (int i = 0; i < operations; i++) {
                operate();
                dispatch();
                declared.values().forEach(this::assertInOrder);
                assertThat(faults).isEmpty();
                if (i % 100 == 99) {
                    assertStoredAsDone();
                }
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(String.join("\n", said.subList(Math.max(0, said.size() - 25), said.size())), e);
        }
    }

    private void operate() {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        int dice = random.nextInt(100);
        if (dice < 38) {
            live(Duration.ofSeconds(random.nextInt(7200)));
        } else if (dice < 46) {
            say("sleep");
            pass(now().plusSeconds(random.nextInt(36_000)));
            dirty.addAll(NAMES);
        } else if (dice < 64) {
            proceed();
        } else if (dice < 70) {
            demand(name);
        } else if (dice < 77) {
            pause(name);
        } else if (dice < 84) {
            resume(name);
        } else if (dice < 88) {
            change(name);
        } else if (dice < 91) {
            removeOrAdd(name);
        } else if (dice < 94) {
            restart(random.nextBoolean());
        } else if (dice < 99 || random.nextInt(3) > 0) {
            step();
        } else {
            storeGoesAway();
        }
    }

    private void live(Duration time) {
        say("live " + time);
        Instant until = now().plus(time);
        while (now().isBefore(until)) {
            Instant next = wakeAt.values().stream()
                    .filter(at -> at.isAfter(now()))
                    .min(Instant::compareTo)
                    .filter(at -> at.isBefore(until))
                    .orElse(until);
            pass(next);
            dispatch();
            if (random.nextInt(3) > 0) {
                proceed();
                dispatch();
            }
        }
    }

    private void pass(Instant until) {
        models.values().forEach(model -> model.timePasses(until));
        clock.set(until);
    }

    private void step() {
        long seconds = random.nextInt(40_000) - 20_000L;
        say("step " + seconds);
        if (seconds < 0) {
            models.values().forEach(ModelCollection::clockGoesBack);
            clock.advance(Duration.ofSeconds(seconds));
        } else {
            pass(now().plusSeconds(seconds));
        }
        dirty.addAll(NAMES);
    }

    /** One run that got its permit goes on. */
    private void proceed() {
        Runnable next = begun.poll();
        if (next != null) {
            say("proceed");
            next.run();
            observe();
        }
    }

    private void proceedAll() {
        while (!begun.isEmpty()) {
            proceed();
        }
    }

    private void demand(String name) {
        ScheduledCollection collection = declared.get(name);
        if (collection == null) {
            return;
        }
        say("run " + name);
        int unfinished = unfinished(name);
        Optional<Run> run = runs.pipeline.demand(collection, TestRuns.CAUSE);
        assertThat(run.isPresent())
                .isEqualTo(unfinished < collection.rules().policy().maxOverlap());
        run.ifPresent(found -> changed(AuditEntry.Action.RUN));
        observe();
    }

    private void pause(String name) {
        ScheduledCollection collection = declared.get(name);
        if (collection != null) {
            say("pause " + name);
            ModelCollection model = model(name);
            boolean done = runs.interventions.pause(collection, TestRuns.CAUSE);
            assertThat(done).isEqualTo(!model.paused);
            model.paused = true;
            if (done) {
                changed(AuditEntry.Action.PAUSE);
            }
        }
    }

    private void resume(String name) {
        ScheduledCollection collection = declared.get(name);
        if (collection != null) {
            say("resume " + name);
            ModelCollection model = model(name);
            boolean held = model.paused || model.restsUntil != null;
            assertThat(runs.interventions.resume(collection, TestRuns.CAUSE)).isEqualTo(held);
            if (held) {
                changed(AuditEntry.Action.RESUME);
                model.paused = false;
                model.restsUntil = null;
                model.excuse(now());
            }
        }
    }

    private void change(String name) {
        if (declared.containsKey(name)) {
            say("change " + name);
            proceedAll();
            register(name);
        }
    }

    private void removeOrAdd(String name) {
        proceedAll();
        if (declared.containsKey(name)) {
            say("remove " + name);
            model(name).declared = false;
            runs.pipeline.remove(
                    name,
                    () -> assertThat(runs.interventions.remove(name, TestRuns.CAUSE))
                            .isTrue());
            changed(AuditEntry.Action.REMOVE);
            declared.remove(name);
            wakeAt.remove(name);
        } else {
            say("add " + name);
            register(name);
        }
        observe();
    }

    /** In a crash a run is left in the middle of an attempt. The next process opens the store anew. */
    private void restart(boolean crash) {
        say((crash ? "crash" : "stop") + " and start");
        if (crash) {
            runs.history.active().stream()
                    .filter(run -> run.state() == RunState.WAITING)
                    .min(Comparator.comparing(Run::createdAt).thenComparing(Run::collection))
                    .ifPresent(run -> runs.ledger.startAttempt(run));
        } else {
            proceedAll();
            drain();
        }
        pass(now().plusSeconds(random.nextInt(20_000)));
        store = database.open();
        runs = process();
        wakeAt.clear();
        for (String name : List.copyOf(declared.keySet())) {
            model(name).enabled = random.nextInt(5) > 0 || !model(name).enabled && random.nextBoolean();
            declare(name, random.nextInt(4) == 0 ? spec() : model(name).spec, false);
        }
        runs.registrations.retireAllBut(declared.keySet());
        runs.pipeline.abandonRetired();
        runs.pipeline.starting(List.copyOf(declared.values()));
        dirty.addAll(NAMES);
    }

    private void drain() {
        try {
            runs.pipeline.drain(GRACE);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Nothing runs meanwhile: a result would be kept until the store is back, and the play would wait for that. */
    private void storeGoesAway() {
        proceedAll();
        say("the store is away");
        database.refuseWrites();
        storeAway = true;
        pass(now().plusSeconds(random.nextInt(20_000)));
        dirty.addAll(NAMES);
        dispatch();
        database.acceptWrites();
        storeAway = false;
        store.probe();
        say("the store is back");
        dirty.addAll(NAMES);
    }

    private void register(String name) {
        declare(name, spec(), models.containsKey(name));
        runs.pipeline.added(List.of(Objects.requireNonNull(declared.get(name))));
        dirty.add(name);
    }

    /** @param byHand as code in the process does; otherwise as a start does */
    private void declare(String name, TestRuns.Spec spec, boolean byHand) {
        ModelCollection known = models.get(name);
        CollectionState state = known == null || known.enabled ? CollectionState.ACTIVE : CollectionState.DISABLED;
        CollectionRecord before = known == null ? null : runs.record(name);
        Registration registration = new Registration(
                name,
                "probe",
                state,
                DeclaredBy.CONFIGURATION,
                anchor -> new Rhythm.Interval(spec.interval).schedule(anchor, spec.offset),
                "test");
        Schedule schedule = byHand
                ? runs.interventions.register(registration, TestRuns.CAUSE)
                : Objects.requireNonNull(runs.registrations
                        .register(List.of(registration))
                        .schedules()
                        .get(name));
        if (known == null || before == null) {
            models.put(name, new ModelCollection(name, spec, now()));
        } else {
            boolean changes = !before.rhythm().equals(schedule.rhythm()) || before.declared() != state;
            if (byHand && changes) {
                changed(AuditEntry.Action.REGISTER);
            }
            boolean again = before.declared() != CollectionState.ACTIVE && state == CollectionState.ACTIVE;
            known.declared = true;
            known.changeRhythm(spec, now());
            if (again) {
                known.excuse(now());
            }
        }
        StartPolicy start = new StartPolicy(spec.missedRuns, spec.startDeadline, spec.queueTimeout, spec.maxOverlap);
        declared.put(
                name,
                new ScheduledCollection(
                        name,
                        TestCollector.of(this::collect),
                        new Rules(schedule, spec.quiet, start, spec.runOnStart, Duration.ofMinutes(1)),
                        new RunPolicy(spec.timeout, spec.retry, spec.suspension),
                        Parameters.NONE,
                        "test"));
    }

    private TestRuns.Spec spec() {
        TestRuns.Spec spec = new TestRuns.Spec();
        spec.interval = Duration.ofMinutes(List.of(7, 20, 60, 150).get(random.nextInt(4)));
        spec.offset = Duration.ofSeconds(random.nextInt(400));
        spec.missedRuns = random.nextBoolean() ? MissedRuns.RUN_ONCE : MissedRuns.SKIP;
        spec.startDeadline = random.nextBoolean() ? null : Duration.ofMinutes(1 + random.nextInt(20));
        spec.queueTimeout = random.nextBoolean() ? null : Duration.ofMinutes(1 + random.nextInt(20));
        spec.maxOverlap = 1 + random.nextInt(2);
        spec.quiet = List.of(QuietTimes.NONE, ModelCollection.nightly(Slots.SKIP), ModelCollection.nightly(Slots.HOLD))
                .get(random.nextInt(3));
        spec.suspension = new Suspension(random.nextInt(4), Duration.ofMinutes(20), Duration.ofMinutes(100));
        // Drawn here and without jitter, so that a seed is always the same play.
        Duration first = Duration.ofMillis(1000 + random.nextInt(59_001));
        spec.retry = new RetryPolicy(1 + random.nextInt(3), first, 3, Duration.ofMinutes(10), 0);
        return spec;
    }

    /** What the collector does; the play waits for it meanwhile. */
    private Collected collect(CollectionContext context) {
        if (!attempts.add(context.runId() + " " + context.attempt())) {
            faults.add("attempted twice: " + context.runId());
        }
        if (random.nextInt(3) == 0) {
            throw new IllegalStateException("no answer");
        }
        return TestCollector.data();
    }

    /** Wakes whatever asked for it, until nobody does. */
    private void dispatch() {
        for (int i = 0; i < MOST_WAKES; i++) {
            Optional<ScheduledCollection> next = declared.values().stream()
                    .filter(collection -> dirty.contains(collection.name())
                            || Optional.ofNullable(wakeAt.get(collection.name()))
                                    .filter(at -> !at.isAfter(now()))
                                    .isPresent())
                    .findFirst();
            if (next.isEmpty()) {
                declared.values().forEach(this::assertServed);
                return;
            }
            if (!wake(next.get())) {
                return;
            }
        }
        throw new AssertionError("no end of wakes");
    }

    /** False while the store is away. */
    private boolean wake(ScheduledCollection collection) {
        String name = collection.name();
        dirty.remove(name);
        wakeAt.remove(name);
        try {
            Optional<Instant> next = runs.wake(collection);
            observe();
            next.ifPresent(at -> {
                assertThat(at).as("asked for by %s", name).isAfter(now());
                wakeAt.put(name, at);
            });
            if (next.isEmpty() && model(name).enabled && !model(name).paused) {
                say(name + " waits for a run to be free");
                proceedAll();
            }
            return true;
        } catch (StoreUnavailableException e) {
            assertThat(storeAway).isTrue();
            dirty.add(name);
            return false;
        }
    }

    private void assertInOrder(ScheduledCollection collection) {
        ModelCollection model = model(collection.name());
        if (storeAway) {
            return;
        }
        Optional<Instant> nextRunAt = Decider.nextRunAt(collection.rules(), runs.pipeline.progress(collection), now());
        assertThat(nextRunAt.isPresent())
                .as("%s runs again", model.name)
                .isEqualTo(model.declared && model.enabled && !model.paused);
        nextRunAt.ifPresent(at -> assertThat(at).isAfter(now()));
    }

    /** What has come by now has been decided. */
    private void assertServed(ScheduledCollection collection) {
        ModelCollection model = model(collection.name());
        if (storeAway) {
            return;
        }
        model.assertNothingOwed(now());
        model.mustBeRecorded(now()).ifPresent(slot -> {
            List<Instant> claimed = store.read(jdbc -> RunRepository.claimedSince(jdbc, model.name, slot));
            assertThat(claimed).as("%s at %s", model.name, now()).contains(slot);
        });
    }

    /** Shows the model what has appeared. */
    private void observe() {
        for (Appeared row : store.read(this::appeared)) {
            lastRow = row.number();
            Run run = row.run();
            say("  " + run.collection() + " " + run.kind() + " " + run.scheduledAt() + " " + run.missedCount() + " "
                    + run.outcome() + " " + run.reason());
            model(run.collection()).recorded(run, row.unfinished(), now());
        }
    }

    /** @param unfinished how many runs of its collection are, it included */
    private record Appeared(long number, Run run, int unfinished) {}

    private List<Appeared> appeared(JdbcClient jdbc) {
        return jdbc.sql("SELECT rowid AS number, id FROM run WHERE rowid > :last ORDER BY rowid")
                .param("last", lastRow)
                .query((row, number) -> {
                    Run run = RunRepository.find(jdbc, row.getString("id")).orElseThrow();
                    return new Appeared(row.getLong("number"), run, unfinished(jdbc, run.collection()));
                })
                .list();
    }

    private int unfinished(String name) {
        return store.read(jdbc -> unfinished(jdbc, name));
    }

    private static int unfinished(JdbcClient jdbc, String name) {
        return jdbc.sql("SELECT COUNT(*) FROM run WHERE collection = :name AND state <> 'FINISHED'")
                .param("name", name)
                .query(Integer.class)
                .single();
    }

    private void assertStoredAsDone() {
        List<Run> all = TestRuns.newest(runs.history, null, 1_000_000);
        for (ModelCollection model : models.values()) {
            CollectionRecord record = runs.record(model.name);
            List<Run> own = all.stream()
                    .filter(run -> run.collection().equals(model.name))
                    .toList();
            assertThat(record.state()).isEqualTo(model.state(now()));
            assertThat(record.suspendedUntil()).isEqualTo(model.restsUntil);
            assertThat(own.stream().map(Run::scheduledAt).filter(Objects::nonNull))
                    .doesNotHaveDuplicates();
            CollectionRecord.Counters counters = record.counters();
            assertThat(counters.consecutiveFailures()).isEqualTo(model.failuresInARow);
            assertThat(counters.succeeded()).isEqualTo(count(own, RunOutcome.SUCCEEDED));
            assertThat(counters.failed()).isEqualTo(count(own, RunOutcome.FAILED));
            assertThat(counters.abandoned()).isEqualTo(count(own, RunOutcome.ABANDONED));
            assertThat(counters.runs()).isEqualTo(counters.succeeded() + counters.failed() + counters.abandoned());
            assertThat(counters.skipped())
                    .isEqualTo(own.stream()
                            .filter(run -> run.outcome() == RunOutcome.SKIPPED)
                            .mapToLong(Run::slots)
                            .sum());
        }
        Map<AuditEntry.Action, Integer> audited = new HashMap<>();
        runs.history
                .audit(null, null, 1_000_000)
                .rows()
                .forEach(entry -> audited.merge(entry.action(), 1, Integer::sum));
        assertThat(audited).isEqualTo(changes);
    }

    private static long count(List<Run> runs, RunOutcome outcome) {
        return runs.stream().filter(run -> run.outcome() == outcome).count();
    }

    private TestRuns process() {
        Queue<Runnable> own = new ArrayDeque<>();
        begun = own;
        TestRuns process = new TestRuns(store, 2, TestRuns.onWaitingThread(clock), own::add);
        process.events.listen(event -> {
            if (event instanceof CollectionFreed freed) {
                if (freed.undecided()) {
                    dirty.add(event.collection());
                }
            } else if (event instanceof RunFinished finished) {
                model(event.collection())
                        .finished(Objects.requireNonNull(finished.run().outcome()), now());
            } else if (event instanceof RunEvent.RunStarted started) {
                Instant startedAt = Objects.requireNonNull(started.run().startedAt());
                if (!model(event.collection()).mayStart(started.run(), startedAt)) {
                    faults.add("started too late: " + started);
                }
            }
        });
        return process;
    }

    private ModelCollection model(String name) {
        return Objects.requireNonNull(models.get(name));
    }

    private void changed(AuditEntry.Action action) {
        changes.merge(action, 1, Integer::sum);
    }

    private void say(String what) {
        said.add(now() + " " + what);
    }

    private Instant now() {
        return clock.instant();
    }

    @Override
    public void close() {
        database.close();
    }
}
