package org.collectionscheduler.dispatch.cluster;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.collectionscheduler.dispatch.local.BenchTable;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunEvent;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.RunEvent.RunStarted;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How late runs begin when little is due, beside the time that a claim alone takes at the same pace, and when as much is
 * due as takes four fifths of what one instance can do; and how fast the retention deletes while runs are stored:
 * {@code mvn -Pbench verify -Dit.test=ClusterLoadBench}.
 */
class ClusterLoadBench {

    private static final Duration SETTLING = Duration.ofSeconds(30);
    private static final Duration WATCHED = Duration.ofSeconds(20);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final int IDLE_PER_SECOND = 20;
    private static final int BURST = 4_000;
    private static final int OLD_RUNS = 200_000;

    private final Clock clock = Clock.systemUTC();
    private final List<AutoCloseable> closing = new ArrayList<>();
    private DatabaseServer server;

    @BeforeEach
    void open() {
        BenchTable.quietLog();
        server = TestStores.durableServer(8);
    }

    @AfterEach
    void close() throws Exception {
        closeAll();
    }

    private void closeAll() throws Exception {
        while (!closing.isEmpty()) {
            closing.remove(closing.size() - 1).close();
        }
    }

    @Test
    void howLate() throws Exception {
        BenchTable table = new BenchTable(
                "cluster-lateness",
                "instances",
                "runs/s",
                "runs",
                "p50 ms",
                "p99 ms",
                "early",
                "bare p50 ms",
                "p99 ms");
        int most = (int) mostPerSecond();
        for (int perSecond : new int[] {IDLE_PER_SECOND, most * 4 / 5}) {
            for (int instances : new int[] {1, 3}) {
                server = TestStores.durableServer(8);
                double[] late = late(instances, perSecond);
                double[] bare = perSecond == IDLE_PER_SECOND ? bareClaims() : new double[] {Double.NaN};
                table.row(
                        instances,
                        perSecond,
                        late.length,
                        quantile(late, 0.5),
                        quantile(late, 0.99),
                        Arrays.stream(late).filter(value -> value < 0).count(),
                        quantile(bare, 0.5),
                        quantile(bare, 0.99));
            }
        }
        table.write();
    }

    /** Of one instance to which much is due at once; the first half warms up. */
    private double mostPerSecond() throws Exception {
        CountDownLatch left = new CountDownLatch(BURST);
        AtomicLong half = new AtomicLong();
        ClusterProcess process = process(event -> {
            if (event instanceof RunFinished) {
                left.countDown();
                if (left.getCount() <= BURST / 2) {
                    half.compareAndSet(0, System.nanoTime());
                }
            }
        });
        start(
                process,
                IntStream.range(0, BURST)
                        .mapToObj(i -> process.runs.register("burst-" + i, TestCollector.succeeding()))
                        .toList());
        if (!left.await(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException("runs without an end: " + left.getCount());
        }
        double most = BURST / 2 * 1e9 / (System.nanoTime() - half.get());
        closeAll();
        return most;
    }

    private double[] late(int instances, int perSecond) throws Exception {
        Queue<Double> lateness = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < instances; i++) {
            ClusterProcess process = process(event -> {
                if (event instanceof RunStarted started && started.lateness() != null) {
                    lateness.add(started.lateness().toNanos() / 1e6);
                }
            });
            start(process, evenly(process, perSecond));
        }
        pause(SETTLING);
        lateness.clear();
        pause(WATCHED);
        double[] late =
                lateness.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        closeAll();
        return late;
    }

    private ClusterProcess process(Consumer<RunEvent> listener) {
        Store store = TestStores.shared(server, clock);
        closing.add(store);
        ClusterProcess process = new ClusterProcess(server, store, clock, 10);
        closing.add(process);
        process.alsoHear(listener);
        return process;
    }

    private void start(ClusterProcess process, List<ScheduledCollection> collections) {
        process.runs.pipeline.starting(collections);
        process.dispatcher.start(collections);
        closing.add(process.dispatcher::stop);
    }

    /** Each once in the interval, so that their slots are evenly spread. */
    private static List<ScheduledCollection> evenly(ClusterProcess process, int perSecond) {
        int count = (int) (perSecond * INTERVAL.toSeconds());
        return IntStream.range(0, count)
                .mapToObj(i -> process.runs.register("even-" + i, TestCollector.succeeding(), spec -> {
                    spec.interval = INTERVAL;
                    spec.offset = INTERVAL.multipliedBy(i).dividedBy(count);
                }))
                .toList();
    }

    /** The two statements of a claim in a transaction, by a program that does nothing else, at the pace of the runs. */
    private double[] bareClaims() throws Exception {
        double[] times = new double[400];
        try (HikariDataSource pool = server.pool("bare", 1)) {
            for (int i = 0; i < times.length; i++) {
                long start = System.nanoTime();
                try (var connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    for (String sql : List.of(
                            "INSERT INTO run (id, collection, kind, state, created_at) VALUES ('bare-" + i
                                    + "', 'bare', 'DEMAND', 'FINISHED', 0)",
                            "UPDATE collection SET last_started_at = " + i + " WHERE name = 'even-0'")) {
                        try (var statement = connection.prepareStatement(sql)) {
                            int unused = statement.executeUpdate();
                        }
                    }
                    connection.commit();
                }
                times[i] = (System.nanoTime() - start) / 1e6;
                pause(Duration.ofSeconds(1).dividedBy(IDLE_PER_SECOND));
            }
        }
        Arrays.sort(times);
        return times;
    }

    @Test
    void howFastOldRunsGo() throws Exception {
        BenchTable table =
                new BenchTable("cluster-retention", "runs stored a second", "old runs", "deleted a second", "÷ 100");
        ClusterProcess process = process(event -> {});
        ScheduledCollection retention = process.runs.register(
                "retention",
                TestRuns.retention(
                        closing.stream()
                                .filter(Store.class::isInstance)
                                .map(Store.class::cast)
                                .findFirst()
                                .orElseThrow(),
                        new StoreProperties.Retention(10_000, 10_000, Duration.ofDays(30))),
                spec -> {
                    spec.interval = Duration.ofDays(300);
                    spec.offset = Duration.ofDays(200);
                    spec.timeout = Duration.ofMinutes(10);
                });
        List<ScheduledCollection> collections = new ArrayList<>(evenly(process, 100));
        collections.add(retention);
        fill();
        start(process, collections);
        pause(SETTLING);
        long old = oldRuns();
        process.runs.pipeline.demand(retention, TestRuns.CAUSE);
        await().atMost(Duration.ofMinutes(10)).until(() -> newest(process).finishedAt() != null);
        Run run = newest(process);
        long left = oldRuns();
        if (left > 0) {
            throw new IllegalStateException("the retention has left " + left + " of " + old + " old runs: " + run);
        }
        double perSecond = old * 1e9 / Objects.requireNonNull(run.duration()).toNanos();
        table.row(100, old, perSecond, perSecond / 100);
        table.write();
    }

    private long oldRuns() {
        try (HikariDataSource pool = server.pool("count", 1)) {
            return JdbcClient.create(pool)
                    .sql("SELECT COUNT(*) FROM run WHERE instance = 'gone'")
                    .query(Long.class)
                    .single();
        }
    }

    private static Run newest(ClusterProcess process) {
        return TestRuns.newest(process.runs.history, "retention", 1).get(0);
    }

    /** Runs of before the oldest that is kept, each with a payload. */
    private void fill() {
        try (HikariDataSource pool = server.pool("fill", 1)) {
            for (int from = 1; from <= OLD_RUNS; from += 20_000) {
                for (String sql : List.of("""
                        INSERT INTO run (id, collection, kind, scheduled_at, state, outcome, attempt, instance,
                                         created_at, started_at, finished_at, duration_ms)
                        SELECT 'r' || n, 'even-' || n % 500, 'SCHEDULE', n * 1000, 'FINISHED', 'SUCCEEDED', 1, 'gone',
                               n * 1000, n * 1000, n * 1000 + 5, 5
                        FROM generate_series(:from, :from + 19999) n
                        """, """
                        INSERT INTO payload (id, collection, run_id, created_at, bytes, content)
                        SELECT 'p' || n, 'even-' || n % 500, 'r' || n, n * 1000, 400, repeat('x', 400)
                        FROM generate_series(:from, :from + 19999) n
                        """)) {
                    JdbcClient.create(pool).sql(sql).param("from", from).update();
                }
            }
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }
}
