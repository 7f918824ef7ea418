package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.dispatch.DispatcherContract;
import org.collectionscheduler.run.DeclaredBy;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.run.Registration;
import org.collectionscheduler.run.RunPolicy;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.StorelessRuns;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.schedule.StartPolicy;
import org.collectionscheduler.schedule.TestRules;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;

/**
 * How late collections that do nothing begin, a thousand each second for a minute, beside a plain executor and beside
 * Quartz in memory: {@code mvn -Pbench verify -Dit.test=LatenessBench}. Ours run once without a store, as the others do,
 * and once with the store of type {@code memory}, in which each has a claimed run and an attempt before it begins.
 */
class LatenessBench {

    private static final int THREADS = 10;
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("bench.seconds", 60));
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final List<Integer> RATES = List.of(100, 1_000);

    private final Clock clock = Clock.systemUTC();

    /** Of one contender. Those before the end of the warm-up do not count. */
    private final class Lateness {

        private final Instant begin;
        private final long[] nanos;
        private final AtomicInteger count = new AtomicInteger();
        private final CountDownLatch complete;

        Lateness(Instant begin, int rate) {
            this.begin = begin;
            this.nanos = new long[(int) (rate * TIME.toSeconds())];
            this.complete = new CountDownLatch(nanos.length);
        }

        void started(Instant scheduled) {
            Instant now = clock.instant();
            if (scheduled.isBefore(begin)) {
                return;
            }
            int number = count.getAndIncrement();
            if (number < nanos.length) {
                nanos[number] = Duration.between(scheduled, now).toNanos();
                complete.countDown();
            }
        }

        /** Waits for as many as were due; twice as long as they should take. */
        Lateness measured() throws InterruptedException {
            complete.await(WARM_UP.plus(TIME).multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
            return this;
        }

        double percentileMillis(int percent) {
            long[] sorted = Arrays.copyOf(nanos, Math.min(count.get(), nanos.length));
            Arrays.sort(sorted);
            return sorted[(int) (sorted.length * (long) percent / 100)] / 1e6;
        }

        /** Before their time, in milliseconds as schedules have them. */
        long early() {
            return Arrays.stream(nanos).filter(each -> each < 0).count();
        }

        /** Of those that were due. */
        double share() {
            return Math.min(1, count.get() / (double) nanos.length);
        }
    }

    @Test
    void measure() throws Exception {
        BenchTable.quietLog();
        BenchTable table = new BenchTable(
                "lateness", "due each second", "who", "p50 ms", "p99 ms", "early", "begun", "p99 ÷ bare executor");
        for (int rate : RATES) {
            Lateness bare = bare(rate);
            row(table, rate, "bare executor", bare, bare);
            row(table, rate, "ours, without a store", storeless(rate), bare);
            row(table, rate, "ours, store of type memory", ours(rate), bare);
            row(table, rate, "Quartz, in memory", quartz(rate), bare);
        }
        table.write();
    }

    private static void row(BenchTable table, int rate, String who, Lateness measured, Lateness bare) {
        table.row(
                rate,
                who,
                measured.percentileMillis(50),
                measured.percentileMillis(99),
                measured.early(),
                measured.share(),
                measured.percentileMillis(99) / bare.percentileMillis(99));
    }

    /** On the wall, as the others: the delay is taken anew before each start. */
    private Lateness bare(int rate) throws InterruptedException {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(THREADS);
        Instant start = clock.instant().plusSeconds(2);
        Lateness lateness = new Lateness(start.plus(WARM_UP), rate);
        int collections = collections(rate);
        for (int i = 0; i < collections; i++) {
            schedule(executor, lateness, slot(start, i, collections));
        }
        lateness.measured();
        executor.shutdownNow();
        return lateness;
    }

    private void schedule(ScheduledThreadPoolExecutor executor, Lateness lateness, Instant slot) {
        long delayNanos = Duration.between(clock.instant(), slot).toNanos();
        Future<?> unused = executor.schedule(
                () -> {
                    lateness.started(slot);
                    schedule(executor, lateness, slot.plus(INTERVAL));
                },
                delayNanos,
                TimeUnit.NANOSECONDS);
    }

    private Lateness ours(int rate) throws InterruptedException {
        try (Store store = TestStores.sqliteMemory(clock)) {
            TestRuns runs = new TestRuns(store, clock, System::nanoTime, THREADS);
            int collections = collections(rate);
            Instant start = clock.instant().plusSeconds(2 + collections / 1_000);
            Lateness lateness = new Lateness(start.plus(WARM_UP), rate);
            List<ScheduledCollection> scheduled = registered(runs, lateness, start, collections);
            DispatcherContract.Engine engine = LocalEngine.of(runs.pipeline, clock);
            runs.events.listen(engine.listener());
            engine.dispatcher().start(scheduled);
            lateness.measured();
            engine.dispatcher().stop();
            runs.pipeline.drain(Duration.ofSeconds(10));
            engine.close().run();
            return lateness;
        }
    }

    private Lateness storeless(int rate) throws InterruptedException {
        int collections = collections(rate);
        Instant start = clock.instant().plusSeconds(2);
        Lateness lateness = new Lateness(start.plus(WARM_UP), rate);
        StorelessRuns runs = new StorelessRuns(clock, THREADS);
        DispatcherContract.Engine engine = LocalEngine.of(runs::wake, clock);
        engine.dispatcher().start(scheduled(schedules(start, collections), lateness));
        lateness.measured();
        engine.dispatcher().stop();
        runs.close();
        engine.close().run();
        return lateness;
    }

    private static List<Schedule> schedules(Instant start, int collections) {
        return IntStream.range(0, collections)
                .mapToObj(i -> new Rhythm.Interval(INTERVAL).schedule(slot(start, i, collections), Duration.ZERO))
                .toList();
    }

    private static List<ScheduledCollection> registered(
            TestRuns runs, Lateness lateness, Instant start, int collections) {
        List<Schedule> schedules = schedules(start, collections);
        runs.registrations.register(IntStream.range(0, collections)
                .mapToObj(i -> new Registration(
                        "collection-" + i,
                        "probe",
                        CollectionState.ACTIVE,
                        DeclaredBy.CONFIGURATION,
                        anchor -> schedules.get(i),
                        "test"))
                .toList());
        return scheduled(schedules, lateness);
    }

    private static List<ScheduledCollection> scheduled(List<Schedule> schedules, Lateness lateness) {
        StartPolicy policy = new StartPolicy(MissedRuns.RUN_ONCE, null, null, 1);
        return IntStream.range(0, schedules.size())
                .mapToObj(i -> new ScheduledCollection(
                        "collection-" + i,
                        TestCollector.of(context -> begun(lateness, schedules.get(i), context.clock())),
                        TestRules.of(schedules.get(i), policy, RunOnStart.NEVER, Duration.ofMillis(1)),
                        new RunPolicy(Duration.ofMinutes(1), TestRuns.RETRY, TestRuns.NEVER_RESTED),
                        Parameters.NONE,
                        "test"))
                .toList();
    }

    /** It is the newest slot: a later one would have been skipped while this one waited. */
    private static Collected begun(Lateness lateness, Schedule schedule, Clock clock) {
        lateness.started(schedule.latestUntil(clock.instant()).orElseThrow());
        return TestCollector.data();
    }

    private Lateness quartz(int rate) throws Exception {
        try (QuartzPeer peer = QuartzPeer.inMemory(THREADS)) {
            Instant start = clock.instant().plusSeconds(4);
            Lateness lateness = new Lateness(start.plus(WARM_UP), rate);
            peer.addPeriodic(collections(rate), start, INTERVAL);
            peer.start((scheduled, started) -> lateness.started(scheduled));
            return lateness.measured();
        }
    }

    /** Each is due once an interval. */
    private static int collections(int rate) {
        return (int) (rate * INTERVAL.toSeconds());
    }

    private static Instant slot(Instant start, int number, int collections) {
        return start.plusMillis(INTERVAL.toMillis() * number / collections);
    }
}
