package org.collectionscheduler.dispatch.cluster;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.collectionscheduler.dispatch.local.BenchTable;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.schedule.Offset;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What an instance costs that has nothing to do, and how evenly offsets spread what there is to do:
 * {@code mvn -Pbench verify -Dit.test=ClusterIdleBench}.
 */
class ClusterIdleBench {

    private static final Duration WATCHED = Duration.ofSeconds(20);

    private final Clock clock = Clock.systemUTC();

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
}
