package org.collectionscheduler.dispatch.cluster;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.collectionscheduler.dispatch.local.BenchTable;
import org.collectionscheduler.run.RunEvent.RunStarted;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.schedule.Offset;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What instances cost that have little to do, and how late runs begin then, beside the time that a claim alone takes:
 * {@code mvn -Pbench verify -Dit.test=ClusterIdleBench}.
 */
class ClusterIdleBench {

    private static final Duration WATCHED = Duration.ofSeconds(20);
    private static final int PUNCTUAL = 100;
    private static final Duration PACE = Duration.ofMillis(50);

    private final Clock clock = Clock.systemUTC();

    @Test
    void howLate() throws Exception {
        BenchTable.quietLog();
        BenchTable table = new BenchTable(
                "cluster-lateness", "instances", "runs", "p50 ms", "p99 ms", "early", "bare claim p50 ms", "p99 ms");
        for (int instances : new int[] {1, 3}) {
            late(instances, table);
        }
        table.write();
    }

    private void late(int instances, BenchTable table) throws Exception {
        DatabaseServer server = TestStores.durableServer(6);
        Queue<Double> lateness = new ConcurrentLinkedQueue<>();
        List<AutoCloseable> closing = new ArrayList<>();
        try {
            for (int i = 0; i < instances; i++) {
                Store store = TestStores.shared(server, clock);
                closing.add(store);
                ClusterProcess process = new ClusterProcess(server, store, clock, 10);
                closing.add(process);
                process.alsoHear(event -> {
                    if (event instanceof RunStarted started && started.lateness() != null) {
                        lateness.add(started.lateness().toNanos() / 1e6);
                    }
                });
                List<ScheduledCollection> collections = punctual(process);
                process.runs.pipeline.starting(collections);
                process.dispatcher.start(collections);
                closing.add(process.dispatcher::stop);
            }
            pause(Duration.ofSeconds(30));
            lateness.clear();
            pause(WATCHED);
            double[] late = sorted(lateness);
            double[] bare = bareClaims(server);
            table.row(
                    instances,
                    late.length,
                    quantile(late, 0.5),
                    quantile(late, 0.99),
                    Arrays.stream(late).filter(value -> value < 0).count(),
                    quantile(bare, 0.5),
                    quantile(bare, 0.99));
        } finally {
            for (int i = closing.size() - 1; i >= 0; i--) {
                closing.get(i).close();
            }
        }
    }

    /** Each every five seconds, evenly spread: twenty a second. */
    private static List<ScheduledCollection> punctual(ClusterProcess process) {
        return IntStream.range(0, PUNCTUAL)
                .mapToObj(i -> process.runs.register("punctual-" + i, TestCollector.succeeding(), spec -> {
                    spec.interval = Duration.ofSeconds(5);
                    spec.offset = PACE.multipliedBy(i);
                }))
                .toList();
    }

    /** The two statements of a claim in a transaction, by a program that does nothing else, at the pace of the runs. */
    private static double[] bareClaims(DatabaseServer server) throws Exception {
        double[] times = new double[400];
        try (HikariDataSource pool = server.pool("bare", 1)) {
            for (int i = 0; i < times.length; i++) {
                long start = System.nanoTime();
                try (var connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    for (String sql : List.of(
                            "INSERT INTO run (id, collection, kind, state, created_at) VALUES ('bare-" + i
                                    + "', 'bare', 'DEMAND', 'FINISHED', 0)",
                            "UPDATE collection SET last_started_at = " + i + " WHERE name = 'punctual-0'")) {
                        try (var statement = connection.prepareStatement(sql)) {
                            int unused = statement.executeUpdate();
                        }
                    }
                    connection.commit();
                }
                times[i] = (System.nanoTime() - start) / 1e6;
                pause(PACE);
            }
        }
        Arrays.sort(times);
        return times;
    }

    @Test
    void whatDoingNothingCosts() throws Exception {
        BenchTable.quietLog();
        BenchTable table = new BenchTable("cluster-idle", "collections", "statements/s", "% of a core");
        for (int collections : new int[] {1_000, 100_000, 1_000_000}) {
            idle(collections, table);
        }
        table.write();
    }

    private void idle(int collections, BenchTable table) throws Exception {
        DatabaseServer server = new DatabaseServer(
                TestStores.durableServer(6).url(), null, null, new DatabaseServer.Limits(6, Duration.ofMinutes(5)));
        try (Store store = TestStores.shared(server, clock);
                HikariDataSource connections = server.pool("bench", 1);
                ClusterProcess process = new ClusterProcess(server, store, clock, 10)) {
            JdbcClient jdbc = JdbcClient.create(connections);
            jdbc.sql("CREATE EXTENSION pg_stat_statements").update();
            jdbc.sql("""
                    INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until)
                    SELECT 'c' || n, 'probe', 'ACTIVE', 'every PT24H', 0, 0 FROM generate_series(1, :n) n
                    """).param("n", collections).update();
            jdbc.sql("""
                    INSERT INTO dispatch_task (task_name, task_instance, execution_time, picked, version)
                    SELECT 'probe', 'c' || n, now() + interval '1 day' + n * interval '80 milliseconds', FALSE, 1
                    FROM generate_series(1, :n) n
                    """).param("n", collections).update();
            jdbc.sql("ANALYZE").update();
            process.dispatcher.start(List.of(process.runs.register("one", TestCollector.succeeding())));
            pause(Duration.ofSeconds(5));
            long cpu = cpuNanos();
            jdbc.sql("SELECT pg_stat_statements_reset() IS NOT NULL")
                    .query(Boolean.class)
                    .single();
            Instant begin = clock.instant();
            pause(WATCHED);
            double seconds = Duration.between(begin, clock.instant()).toNanos() / 1e9;
            long calls = jdbc.sql("""
                    SELECT COALESCE(SUM(calls), 0) FROM pg_stat_statements
                    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND query !~* '^(begin|commit|rollback|set|show)' AND query NOT LIKE '%pg_stat%'
                    """).query(Long.class).single();
            table.row(collections, calls / seconds, 100.0 * (cpuNanos() - cpu) / 1e9 / seconds);
            process.dispatcher.stop();
        }
    }

    @Test
    void howOffsetsSpread() throws Exception {
        BenchTable table = new BenchTable(
                "cluster-offsets", "collections", "a minute, on average", "fewest", "most", "most a second");
        for (int collections : new int[] {1_000, 10_000, 100_000}) {
            int[] seconds = new int[3600];
            String seed = UUID.randomUUID().toString();
            for (int i = 0; i < collections; i++) {
                seconds[
                        (int) Offset.of(seed, "collection-" + i, Duration.ofHours(1))
                                .toSeconds()]++;
            }
            int[] minutes = IntStream.range(0, 60)
                    .map(minute -> Arrays.stream(seconds, 60 * minute, 60 * minute + 60)
                            .sum())
                    .toArray();
            table.row(
                    collections,
                    collections / 60.0,
                    Arrays.stream(minutes).min().orElseThrow(),
                    Arrays.stream(minutes).max().orElseThrow(),
                    Arrays.stream(seconds).max().orElseThrow());
        }
        table.write();
    }

    /** Of this JVM, which the server is not a part of. */
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void pause(Duration time) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static double[] sorted(Queue<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }
}
