package org.collectionscheduler.dispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.collectionscheduler.run.RetryPolicy;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whatever is done for each run finds its rows by an index, however many there are: PostgreSQL says which tables it read whole. */
class HotStatementsProof {

    private static final int COLLECTIONS = 100_000;
    private static final int RUNS_OF_EACH = 10;

    /** Of another instance: what looks for one's own runs must not look at these. */
    private static final int UNFINISHED = 4_000;

    /** For each row that is found or changed, in all indexes together. */
    private static final int MOST_PAGES = 100;

    /** To fill the tables takes longer than a statement of the service may. */
    private final DatabaseServer server = TestStores.server(Duration.ofMinutes(5));

    private final Clock clock = Clock.tickMillis(java.time.ZoneOffset.UTC);

    @Test
    void noTableIsReadWholeForARunAmongAMillion() {
        try (Store store = TestStores.shared(server, clock);
                HikariDataSource connections = server.pool("proof", 1)) {
            JdbcClient jdbc = JdbcClient.create(connections);
            fill(jdbc);
            try (ClusterProcess process = new ClusterProcess(server, store, clock, 6)) {
                List<ScheduledCollection> served = IntStream.range(0, 40)
                        .mapToObj(i -> process.runs.register("served-" + i, sometimesFailing(), spec -> {
                            spec.interval = Duration.ofSeconds(2);
                            spec.retry = new RetryPolicy(2, Duration.ofMillis(100), 1, Duration.ofMillis(100), 0);
                        }))
                        .toList();
                process.runs.pipeline.starting(served);
                process.dispatcher.start(served);
                await().until(() -> runs(process, "served-0") >= 2);
                Map<String, Long> before = readWhole(jdbc);
                forgetStatements(jdbc);

                int now = runs(process, "served-1");
                await().atMost(Duration.ofSeconds(30)).until(() -> runs(process, "served-1") >= now + 3);
                process.runs.interventions.pause(served.get(2), TestRuns.CAUSE);
                process.runs.interventions.resume(served.get(2), TestRuns.CAUSE);
                process.runs.pipeline.demand(served.get(3), TestRuns.CAUSE);
                process.membership.lookSoon();
                process.instances.list();
                int then = runs(process, "served-4");
                await().atMost(Duration.ofSeconds(30)).until(() -> runs(process, "served-4") >= then + 2);
                process.dispatcher.stop();

                assertThat(readWhole(jdbc)).isEqualTo(before);
                assertThat(statementsThatReadMany(jdbc)).isEmpty();
            }
        }
    }

    private static TestCollector sometimesFailing() {
        return TestCollector.of(context -> {
            if (context.attempt() == 1 && context.runId().hashCode() % 4 == 0) {
                throw new IllegalStateException("once");
            }
            return TestCollector.data();
        });
    }

    private static int runs(ClusterProcess process, String name) {
        return TestRuns.newest(process.runs.history, name, 50).size();
    }

    private static void fill(JdbcClient jdbc) {
        for (String sql : List.of("""
                INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until)
                SELECT 'c' || n, 'probe', 'ACTIVE', 'every PT1H', 0, 0 FROM generate_series(1, %1$d) n
                """, """
                INSERT INTO run (id, collection, kind, scheduled_at, state, outcome, attempt, instance,
                                 created_at, started_at, finished_at, duration_ms)
                SELECT 'r' || n || '-' || k, 'c' || n, 'SCHEDULE', k * 3600000, 'FINISHED', 'SUCCEEDED', 1, 'gone',
                       k * 3600000, k * 3600000, k * 3600000 + 5, 5
                FROM generate_series(1, %1$d) n, generate_series(1, %2$d) k
                """, """
                INSERT INTO attempt (run_id, number, instance, started_at, finished_at, outcome)
                SELECT id, 1, 'gone', started_at, finished_at, 'SUCCEEDED' FROM run
                """, """
                INSERT INTO payload (id, collection, run_id, created_at, bytes, content)
                SELECT 'p' || n, 'c' || n, 'r' || n || '-1', 3600000, 2, '{}' FROM generate_series(1, %1$d) n
                """, """
                INSERT INTO dispatch_task (task_name, task_instance, execution_time, picked, version)
                SELECT 'probe', 'c' || n, '2100-01-01'::timestamptz + n * interval '1 second', FALSE, 1
                FROM generate_series(1, %1$d) n
                """)) {
            jdbc.sql(sql.formatted(COLLECTIONS, RUNS_OF_EACH)).update();
        }
        for (String table : List.of("collection", "run", "attempt", "payload", "dispatch_task")) {
            jdbc.sql("ANALYZE " + table).update();
        }
        // As with most servers that look at their tables by night, it knows of none of these.
        jdbc.sql("""
                INSERT INTO instance (id, host, version, started_at, heartbeat_at)
                VALUES ('another', 'elsewhere', '1', 0, 4102444800000)
                """).update();
        jdbc.sql("""
                INSERT INTO run (id, collection, kind, state, attempt, instance, created_at, started_at)
                SELECT 'unfinished-' || n, 'c' || n, 'DEMAND', 'RUNNING', 1, 'another', 3600000, 3600000
                FROM generate_series(1, :unfinished) n
                """).param("unfinished", UNFINISHED).update();
    }

    private static void forgetStatements(JdbcClient jdbc) {
        jdbc.sql("CREATE EXTENSION pg_stat_statements").update();
        jdbc.sql("SELECT pg_stat_statements_reset() IS NOT NULL")
                .query(Boolean.class)
                .single();
    }

    /**
     * Those that read more pages, of whatever they find their rows by, than a row or two can take. Some look at all
     * unfinished runs, at a renewal of the lease, at a stop or for whoever asks: for those that are left to nobody, those
     * of retired collections, and those of an instance.
     */
    private static List<String> statementsThatReadMany(JdbcClient jdbc) {
        return jdbc.sql("""
                SELECT (shared_blks_hit + shared_blks_read) / (calls + rows) AS pages, calls, rows, query
                FROM pg_stat_statements
                WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND query NOT LIKE '%pg_stat%'
                  AND query NOT LIKE '%LEFT JOIN instance%' AND query NOT LIKE '%collection.state = $%'
                  AND query NOT LIKE '%run.instance = instance.id%' AND query NOT LIKE '%AND instance = $%'
                  AND (shared_blks_hit + shared_blks_read) / (calls + rows) > :most
                """)
                .param("most", MOST_PAGES)
                .query((row, number) -> row.getLong("pages") + " pages for each row, " + row.getLong("calls")
                        + " calls, " + row.getLong("rows") + " rows: " + row.getString("query"))
                .list();
    }

    /** How often each of the large tables was read from its beginning to its end. */
    private static Map<String, Long> readWhole(JdbcClient jdbc) {
        jdbc.sql("SELECT pg_stat_force_next_flush()").query((row, number) -> 0).list();
        Map<String, Long> scans = new TreeMap<>();
        jdbc.sql("""
                SELECT relname, seq_scan FROM pg_stat_user_tables
                WHERE relname IN ('run', 'attempt', 'payload', 'collection', 'dispatch_task')
                """).query(row -> {
            scans.put(row.getString("relname"), row.getLong("seq_scan"));
        });
        return scans;
    }
}
