package org.collectionscheduler.dispatch.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.dispatch.WakingQueue;
import org.collectionscheduler.run.MutableTicker;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.RunPolicy;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.Rules;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.schedule.TestRules;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.scheduling.TriggerContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.scheduling.config.TriggerTask;
import org.springframework.scheduling.support.SimpleTriggerContext;

@Timeout(30)
class LocalDispatcherTests {

    private static final Instant START = MutableClock.START;

    /** Answers at once. */
    private static final WakingProbe PROBE = new WakingProbe(Runnable::run, System::nanoTime);

    private final MutableClock clock = new MutableClock();
    private final Store store = TestStores.sqliteMemory(clock);
    private final TestRuns runs = new TestRuns(store, clock, new MutableTicker(), 4);
    private final LocalDispatchConfiguration configuration = new LocalDispatchConfiguration();
    private final ThreadPoolTaskScheduler timer = configuration.taskScheduler(clock);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final WakingQueue waking = new WakingQueue(8, threads);
    private final LocalDispatcher dispatcher =
            new LocalDispatcher(runs.pipeline::wake, timer, waking::execute, PROBE, clock);

    private static void wake(Supplier<Optional<Runnable>> waking) {
        waking.get().ifPresent(Runnable::run);
    }

    LocalDispatcherTests() {
        timer.initialize();
        runs.events.listen(event -> {
            if (event instanceof CollectionFreed freed) {
                dispatcher.onFreed(freed);
            }
        });
    }

    @AfterEach
    void close() {
        dispatcher.stop();
        timer.shutdown();
        threads.shutdownNow();
        store.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "2026-03-01T12:00:00Z",
                "2026-03-01T12:59:59.999Z",
                "9999-12-31T00:00:00Z"
            })
    void aTriggerAlwaysKnowsTheNextSlot(Instant now) {
        SlotTrigger trigger =
                new SlotTrigger(new Rhythm.Interval(Duration.ofHours(1)).schedule(START, Duration.ofMinutes(5)), clock);
        TriggerContext nothingKnown = new SimpleTriggerContext(clock);
        clock.set(now);

        assertThat(trigger.nextExecution(nothingKnown)).isAfter(now);
        assertThat(trigger).hasToString("interval PT1H offset PT5M");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCollectionIsAScheduledTaskWithAReadableName(boolean startedFirst) {
        List<ScheduledCollection> collections = List.of(register("metadata"), register("inventory"));
        if (startedFirst) {
            dispatcher.start(collections);
            assertThat(dispatcher.getScheduledTasks()).isEmpty();
        }
        dispatcher.configureTasks(new ScheduledTaskRegistrar());
        if (!startedFirst) {
            dispatcher.start(collections);
        }

        assertThat(dispatcher.getScheduledTasks())
                .extracting(task -> task.getTask().toString())
                .containsExactlyInAnyOrder("collection metadata", "collection inventory");
        assertThat(dispatcher.getScheduledTasks()).allSatisfy(task -> {
            assertThat(task.nextExecution()).isNotNull();
            assertThat(((TriggerTask) task.getTask()).getTrigger()).hasToString("interval PT1H offset PT0S");
        });
        await().until(() -> succeeded("metadata") && succeeded("inventory"));
    }

    @Test
    void noTimerIsLeftBehind() {
        dispatcher.configureTasks(new ScheduledTaskRegistrar());
        List<ScheduledCollection> collections = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            collections.add(register("collection-" + i));
        }

        dispatcher.start(collections);
        for (int i = 0; i < 5; i++) {
            dispatcher.rearm();
        }
        assertThat(timers()).hasSize(20);
        dispatcher.start(collections);
        assertThat(timers()).hasSize(20);
        dispatcher.stop();

        assertThat(timers()).isEmpty();
        assertThat(dispatcher.getScheduledTasks()).isEmpty();
        dispatcher.rearm();
        assertThat(timers()).isEmpty();
    }

    @Test
    void aYearIsNotTooLong() {
        dispatcher.configureTasks(new ScheduledTaskRegistrar());
        ScheduledCollection yearly = runs.register("yearly", TestCollector.succeeding(), spec -> {
            spec.offset = Duration.ofDays(365);
            spec.interval = Duration.ofDays(400);
        });

        dispatcher.start(List.of(yearly));

        assertThat(timers())
                .singleElement()
                .satisfies(timer -> assertThat(timer.getDelay(TimeUnit.DAYS)).isBetween(364L, 365L));
    }

    @Test
    void whatAsksForAWakingThatIsDueAlreadyAddsNone() {
        List<Supplier<Optional<Runnable>>> queued = new ArrayList<>();
        LocalDispatcher slow = new LocalDispatcher(runs.pipeline::wake, timer, queued::add, PROBE, clock);
        slow.start(List.of(register("metadata"), register("inventory")));

        for (int i = 0; i < 100; i++) {
            slow.onFreed(new CollectionFreed("metadata", true));
        }

        assertThat(queued).hasSize(2);
        List.copyOf(queued).forEach(LocalDispatcherTests::wake);
        slow.onFreed(new CollectionFreed("metadata", true));
        assertThat(queued).hasSize(3);
        slow.stop();
    }

    @Test
    void aStartOfManyCollectionsLeavesRoomForWhatComesDueMeanwhile() {
        Deque<Supplier<Optional<Runnable>>> queued = new ArrayDeque<>();
        LocalDispatcher slow = new LocalDispatcher(runs.pipeline::wake, timer, queued::add, PROBE, clock);
        List<ScheduledCollection> collections = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            collections.add(register("collection-" + i));
        }

        slow.start(collections);

        assertThat(queued).hasSizeLessThan(20);
        slow.onFreed(new CollectionFreed("collection-39", true));
        for (int i = queued.size(); i > 0; i--) {
            wake(queued.remove());
        }
        assertThat(TestRuns.newest(runs.history, "collection-39", 1)).isNotEmpty();
        assertThat(TestRuns.newest(runs.history, "collection-38", 1)).isEmpty();
        while (!queued.isEmpty()) {
            wake(queued.remove());
        }
        assertThat(collections)
                .allSatisfy(collection -> assertThat(TestRuns.newest(runs.history, collection.name(), 1))
                        .isNotEmpty());
        slow.stop();
    }

    @Test
    void whoAsksWhileACollectionIsWokenHasItWokenOnceMoreAfterThat() {
        List<Supplier<Optional<Runnable>>> queued = new ArrayList<>();
        AtomicReference<Runnable> whileWaking = new AtomicReference<>(() -> {});
        MutableClock observed = new MutableClock() {
            @Override
            public Instant instant() {
                Objects.requireNonNull(whileWaking.get()).run();
                return super.instant();
            }
        };
        TestRuns process = new TestRuns(store, observed, new MutableTicker(), 4);
        LocalDispatcher observedDispatcher =
                new LocalDispatcher(process.pipeline::wake, timer, queued::add, PROBE, clock);
        observedDispatcher.start(List.of(register("metadata")));
        AtomicInteger asked = new AtomicInteger();
        whileWaking.set(() -> {
            observedDispatcher.onFreed(new CollectionFreed("metadata", true));
            asked.incrementAndGet();
            assertThat(queued).isEmpty();
        });

        Optional<Runnable> begun = queued.remove(0).get();

        assertThat(asked).hasPositiveValue();
        assertThat(queued).hasSize(1);
        whileWaking.set(() -> {});
        begun.orElseThrow().run();
        wake(queued.remove(0));
        assertThat(queued).isEmpty();
        observedDispatcher.stop();
    }

    @Test
    void aFaultInWakingOneCollectionLeavesTheOthersAloneAndKeepsOneTimer() {
        dispatcher.configureTasks(new ScheduledTaskRegistrar());
        Rules rules = TestRules.of(
                new Rhythm.Interval(Duration.ofHours(1)).schedule(START, Duration.ZERO),
                MissedRuns.RUN_ONCE,
                RunOnStart.NEVER);
        ScheduledCollection unknown = new ScheduledCollection(
                "unknown",
                TestCollector.succeeding(),
                rules,
                new RunPolicy(Duration.ofMinutes(1), TestRuns.RETRY, TestRuns.NEVER_RESTED),
                Parameters.NONE,
                "test");

        dispatcher.start(List.of(unknown, register("metadata")));
        await().until(() -> succeeded("metadata"));
        for (int i = 0; i < 10; i++) {
            dispatcher.onFreed(new CollectionFreed("unknown", true));
        }

        await().until(() -> timers().size() == 3);
        await().during(Duration.ofMillis(200)).until(() -> timers().size() == 3);
    }

    @Test
    void aStoreThatWasAwayIsTriedAgainSoon() {
        dispatcher.configureTasks(new ScheduledTaskRegistrar());
        AtomicInteger calls = new AtomicInteger();
        ScheduledCollection collection = runs.register("metadata", TestCollector.of(context -> {
            calls.incrementAndGet();
            return TestCollector.data();
        }));
        TestStores.refuseWrites(store);
        dispatcher.start(List.of(collection));
        await().until(() -> timers().size() == 2);

        TestStores.acceptWrites(store);

        await().atMost(Duration.ofSeconds(8)).until(() -> succeeded("metadata"));
        assertThat(calls).hasValue(1);
    }

    @Test
    void aTimerThatIsShutDownIsNoFault() {
        dispatcher.configureTasks(new ScheduledTaskRegistrar());
        ScheduledCollection failing = runs.register("metadata", TestCollector.of(context -> {
            throw new IllegalStateException("no");
        }));
        dispatcher.start(List.of(failing));
        await().until(() -> !TestRuns.newest(runs.history, "metadata", 1).isEmpty());
        timer.shutdown();

        dispatcher.onFreed(new CollectionFreed("metadata", true));
        threads.shutdown();

        await().until(threads::isTerminated);
    }

    private ScheduledCollection register(String name) {
        return runs.register(name, TestCollector.succeeding());
    }

    private boolean succeeded(String name) {
        return TestRuns.newest(runs.history, name, 1).stream().anyMatch(run -> run.outcome() == RunOutcome.SUCCEEDED);
    }

    private List<Delayed> timers() {
        BlockingQueue<Runnable> queue = timer.getScheduledThreadPoolExecutor().getQueue();
        return queue.stream().map(Delayed.class::cast).toList();
    }
}
