package org.collectionscheduler.dispatch.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.dispatch.Dispatcher;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.dispatch.WakingQueue;
import org.collectionscheduler.run.DeclaredBy;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.run.Registration;
import org.collectionscheduler.run.RunPolicy;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.schedule.TestRules;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/**
 * What a hundred thousand collections cost that are not due, beside timers of a plain executor: {@code mvn -Pbench verify
 * -Dit.test=ManyCollectionsBench}.
 */
class ManyCollectionsBench {

    private static final int COLLECTIONS = Integer.getInteger("bench.collections", 100_000);
    private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("bench.idle", 60));
    private static final Duration INTERVAL = Duration.ofDays(1);
    private static final Duration NEAREST = Duration.ofHours(1);

    private final Clock clock = Clock.tickMillis(java.time.ZoneOffset.UTC);
    private final List<Object> held = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void measure() throws Exception {
        BenchTable.quietLog();
        BenchTable table = new BenchTable(
                "many-collections",
                "collections",
                "who",
                "first start s",
                "next start s",
                "every one looked at s",
                "heap B each",
                "set anew s",
                "idle CPU % of a core, first " + IDLE.toSeconds() + " s",
                "third " + IDLE.toSeconds() + " s");
        try (Store store = TestStores.sqliteFile(directory, clock)) {
            ours(table, store);
        }
        held.clear();
        table.row(COLLECTIONS, "timers of a plain executor", "", "", "", plainTimers(), "", "", "");
        table.write();
    }

    private void ours(BenchTable table, Store store) throws Exception {
        TestRuns runs = new TestRuns(store, clock, System::nanoTime, 10);
        long startNanos = System.nanoTime();
        runs.registrations.register(declared());
        double first = secondsSince(startNanos);
        long heapBefore = heap();
        startNanos = System.nanoTime();
        List<ScheduledCollection> collections = scheduled(runs);
        double next = secondsSince(startNanos);
        LocalDispatchConfiguration configuration = new LocalDispatchConfiguration();
        ThreadPoolTaskScheduler timer = configuration.taskScheduler(clock);
        timer.initialize();
        ExecutorService threads = Executors.newCachedThreadPool();
        WakingQueue waking = new WakingQueue(8, threads);
        Dispatcher dispatcher = dispatcher(runs, timer, waking);
        runs.pipeline.starting(collections);
        startNanos = System.nanoTime();
        dispatcher.start(collections);
        next += secondsSince(startNanos);
        awaitIdle();
        double looked = secondsSince(startNanos);
        held.add(collections);
        double heap = (double) (heap() - heapBefore) / COLLECTIONS;
        double idle = cpuPercentOver(IDLE);
        // Whatever loading left to the compilers and the collector of garbage is done by then.
        cpuPercentOver(IDLE);
        double settled = cpuPercentOver(IDLE);
        assertThat(TestRuns.newest(runs.history, null, 1))
                .as("runs of what is idle")
                .isEmpty();
        startNanos = System.nanoTime();
        dispatcher.rearm();
        double anew = secondsSince(startNanos);
        awaitIdle();
        table.row(COLLECTIONS, "ours", first, next, looked, heap, anew, idle, settled);
        dispatcher.stop();
        timer.shutdown();
        threads.shutdownNow();
    }

    private Dispatcher dispatcher(TestRuns runs, ThreadPoolTaskScheduler timer, WakingQueue waking) {
        LocalDispatcher dispatcher = new LocalDispatcher(
                runs.pipeline::wake, timer, waking::execute, new WakingProbe(Runnable::run, System::nanoTime), clock);
        dispatcher.configureTasks(new ScheduledTaskRegistrar());
        return dispatcher;
    }

    private static String name(int i) {
        return "collection-%06d".formatted(i);
    }

    /** Each an hour or more away, at a moment of its own. A rhythm goes back beyond its anchor, so that is not ahead. */
    private static Schedule schedule(int i, Instant anchor) {
        Duration spread = INTERVAL.minus(NEAREST);
        return new Rhythm.Interval(INTERVAL)
                .schedule(anchor, NEAREST.plus(spread.multipliedBy(i).dividedBy(COLLECTIONS)));
    }

    private static List<Registration> declared() {
        return IntStream.range(0, COLLECTIONS)
                .mapToObj(i -> new Registration(
                        name(i),
                        "probe",
                        CollectionState.ACTIVE,
                        DeclaredBy.CONFIGURATION,
                        anchor -> schedule(i, anchor),
                        "test"))
                .toList();
    }

    private static List<ScheduledCollection> scheduled(TestRuns runs) {
        Map<String, Schedule> schedules =
                runs.registrations.register(declared()).schedules();
        RunPolicy policy = new RunPolicy(Duration.ofMinutes(1), TestRuns.RETRY, TestRuns.NEVER_RESTED);
        Collector collector = TestCollector.succeeding();
        return IntStream.range(0, COLLECTIONS)
                .mapToObj(i -> new ScheduledCollection(
                        name(i),
                        collector,
                        TestRules.of(
                                Objects.requireNonNull(schedules.get(name(i))), MissedRuns.RUN_ONCE, RunOnStart.NEVER),
                        policy,
                        Parameters.NONE,
                        "test"))
                .toList();
    }

    private double plainTimers() throws InterruptedException {
        long before = heap();
        var executor = new java.util.concurrent.ScheduledThreadPoolExecutor(2);
        for (int i = 0; i < COLLECTIONS; i++) {
            String name = name(i);
            held.add(executor.scheduleAtFixedRate(
                    () -> held.remove(name), 3_600_000L + i, INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        }
        double each = (double) (heap() - before) / COLLECTIONS;
        executor.shutdownNow();
        held.clear();
        return each;
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Waits until the process takes hardly any processor time. */
    private static void awaitIdle() throws InterruptedException {
        while (cpuPercentOver(Duration.ofMillis(300)) > 10) {
            Thread.onSpinWait();
        }
    }

    private static double cpuPercentOver(Duration time) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpuNanos = system.getProcessCpuTime();
        long startNanos = System.nanoTime();
        Thread.sleep(time.toMillis());
        return 100.0 * (system.getProcessCpuTime() - cpuNanos) / (System.nanoTime() - startNanos);
    }

    /** What is reachable. */
    private static long heap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(100);
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
