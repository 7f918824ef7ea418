package org.collectionscheduler.dispatch.cluster;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.collectionscheduler.dispatch.local.BenchTable;
import org.collectionscheduler.dispatch.local.QuartzPeer;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs a second that one of several instances makes, and how many statements each takes, when many collections are due at
 * once: beside db-scheduler alone whose tasks write the same rows, beside Quartz in a cluster and beside JobRunr, on one
 * PostgreSQL whose commits are on disk, in turns: {@code mvn -Pbench verify -Dit.test=ClusterRunsBench}. With
 * {@code -Dbench.alone=true} nobody else is measured, for whoever looks where the time goes.
 */
class ClusterRunsBench {

    private static final int THREADS = 10;
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final boolean ALONE = Boolean.getBoolean("bench.alone");
    private static final int WARM_UP_ROUNDS = 8;

    /** Of one whose runs take ten times as long, and as many more statements. */
    private static final int QUARTZ_WARM_UP_ROUNDS = 1;

    private static final int RUNS = Integer.getInteger("bench.runs", 2_000);

    private final Clock clock = Clock.tickMillis(java.time.ZoneOffset.UTC);
    private final DatabaseServer server = TestStores.durableServer(8);
    private final Map<String, double[]> perSecond = new LinkedHashMap<>();
    private final Map<String, Double> statements = new HashMap<>();
    private String payload = "";

    /** When the first and the last of some runs ended. */
    private static final class Stretch {

        private final CountDownLatch left = new CountDownLatch(RUNS);
        private final AtomicLong first = new AtomicLong();
        private volatile long last;

        void ended() {
            long now = System.nanoTime();
            first.compareAndSet(0, now);
            last = now;
            left.countDown();
        }

        double perSecond() throws InterruptedException {
            if (!left.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("runs without an end: " + left.getCount());
            }
            return (RUNS - 1) * 1e9 / (last - first.get());
        }
    }

    @Test
    void measure() throws Exception {
        BenchTable.quietLog();
        try (Store store = TestStores.shared(server, clock);
                HikariDataSource connections = server.pool("bench", 2 * THREADS)) {
            JdbcClient.create(connections)
                    .sql("CREATE EXTENSION pg_stat_statements")
                    .update();
            for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
                String prefix = "round-" + round + "-";
                measure("ours", round, connections, stretch -> ours(store, connections, stretch, "ours-" + prefix));
                if (ALONE) {
                    continue;
                }
                measure("raw", round, connections, stretch -> raw(store, connections, stretch, "raw-" + prefix));
                measure("jobrunr", round, connections, stretch -> jobRunr(connections, stretch));
                if (round >= -QUARTZ_WARM_UP_ROUNDS) {
                    measure("quartz1", round, connections, stretch -> quartz(connections, 1, "one-" + prefix));
                    measure("quartzN", round, connections, stretch -> quartz(connections, THREADS, "n-" + prefix));
                }
            }
        }
        table();
    }

    private interface Measured {
        double run(Stretch stretch) throws Exception;
    }

    /** What was registered is not a part of what a run takes. */
    private static void forgetStatements(HikariDataSource connections) {
        JdbcClient.create(connections)
                .sql("SELECT pg_stat_statements_reset() IS NOT NULL")
                .query(Boolean.class)
                .single();
    }

    private void measure(String who, int round, HikariDataSource connections, Measured peer) throws Exception {
        JdbcClient jdbc = JdbcClient.create(connections);
        double measured = peer.run(new Stretch());
        // What was registered for this round is nobody's in the next ones, which must not look at it again and again.
        jdbc.sql("DELETE FROM dispatch_task").update();
        perSecond.computeIfAbsent(who, name -> new double[ROUNDS])[Math.max(0, round)] = measured;
        long calls = jdbc.sql("""
                SELECT COALESCE(SUM(calls), 0) FROM pg_stat_statements
                WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND query !~* '^(begin|commit|rollback|set|show|create|drop|alter|insert into dispatch_task)'
                  AND query NOT LIKE '%pg_stat%'
                """).query(Long.class).single();
        statements.put(who, calls / (double) RUNS);
    }

    private double ours(Store store, HikariDataSource connections, Stretch stretch, String prefix) throws Exception {
        try (ClusterProcess process = new ClusterProcess(server, store, clock, THREADS)) {
            List<ScheduledCollection> collections = IntStream.range(0, RUNS)
                    .mapToObj(i -> process.runs.register(prefix + i, TestCollector.succeeding()))
                    .toList();
            process.alsoHear(event -> {
                if (event instanceof RunFinished) {
                    stretch.ended();
                }
            });
            forgetStatements(connections);
            process.dispatcher.start(collections);
            double measured = stretch.perSecond();
            process.dispatcher.stop();
            payload = process.runs.history.newestPayloadIds(prefix + 0, 1).stream()
                    .flatMap(id -> process.runs.history.payload(id).stream())
                    .findFirst()
                    .orElseThrow()
                    .content();
            return measured;
        }
    }

    private double raw(Store store, HikariDataSource connections, Stretch stretch, String prefix) throws Exception {
        try (ClusterProcess registering = new ClusterProcess(server, store, clock, THREADS)) {
            IntStream.range(0, RUNS).forEach(i -> registering.runs.register(prefix + i, TestCollector.succeeding()));
        }
        try (RawEngine engine = new RawEngine(connections, THREADS, payload, stretch::ended)) {
            engine.addDue(prefix, RUNS);
            forgetStatements(connections);
            engine.start();
            return stretch.perSecond();
        }
    }

    private static double quartz(HikariDataSource connections, int batch, String prefix) throws Exception {
        try (QuartzPeer peer = QuartzPeer.clustered(connections, THREADS, batch)) {
            peer.addDue(prefix, RUNS);
            forgetStatements(connections);
            long start = System.nanoTime();
            peer.runAll(RUNS);
            return RUNS * 1e9 / (System.nanoTime() - start);
        }
    }

    private static double jobRunr(HikariDataSource connections, Stretch stretch) throws Exception {
        try (JobRunrPeer peer = new JobRunrPeer(connections, THREADS, stretch::ended)) {
            peer.addDue(RUNS);
            forgetStatements(connections);
            peer.start();
            return stretch.perSecond();
        }
    }

    private void table() throws java.io.IOException {
        BenchTable table =
                new BenchTable("cluster-runs", "who", "runs/s", "least", "most", "ours ÷ it", "statements a run");
        Map<String, String> names = new LinkedHashMap<>();
        names.put("ours", "ours");
        names.put("raw", "db-scheduler alone, same rows");
        names.put("quartz1", "Quartz in a cluster, batch of 1");
        names.put("quartzN", "Quartz in a cluster, batch of " + THREADS);
        names.put("jobrunr", "JobRunr");
        double[] ours = perSecond.getOrDefault("ours", new double[ROUNDS]);
        names.forEach((who, name) -> {
            double[] theirs = perSecond.getOrDefault(who, new double[ROUNDS]);
            double[] ratios = new double[ROUNDS];
            Arrays.setAll(ratios, i -> ours[i] / theirs[i]);
            table.row(
                    name,
                    median(theirs),
                    Arrays.stream(theirs).min().orElseThrow(),
                    Arrays.stream(theirs).max().orElseThrow(),
                    median(ratios),
                    statements.getOrDefault(who, 0.0));
        });
        table.write();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
