package org.collectionscheduler.dispatch.local;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * A plain executor that writes the rows of a run in the transactions of a run, each by prepared statements, and does
 * nothing else: it decides nothing, claims whatever it is given, and looks at nothing that it has written.
 */
final class BareExecutor {

    private final DataSource database;
    private final int threads;
    private final String payload;

    /** @param payload what each run brings back */
    BareExecutor(DataSource database, int threads, String payload) {
        this.database = database;
        this.threads = threads;
        this.payload = payload;
    }

    /** Makes a run for each of the collections {@code prefix + number} and returns when all are finished. */
    void run(String prefix, int collections) throws InterruptedException {
        ExecutorService executor =
                Executors.newFixedThreadPool(threads, new CustomizableThreadFactory("bare-executor-"));
        CountDownLatch finished = new CountDownLatch(collections);
        try {
            for (int i = 0; i < collections; i++) {
                String collection = prefix + i;
                executor.execute(() -> {
                    run(collection);
                    finished.countDown();
                });
            }
            if (!finished.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("runs without an end: " + finished.getCount());
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void run(String collection) {
        String run = UUID.randomUUID().toString();
        long now = System.nanoTime();
        try {
            transaction(connection -> claim(connection, collection, run, now));
            transaction(connection -> start(connection, collection, run, now));
            transaction(connection -> finish(connection, collection, run, now));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void claim(Connection connection, String collection, String run, long now) throws SQLException {
        update(connection, """
                INSERT INTO run (id, collection, kind, scheduled_at, missed_from, missed_count,
                                 state, outcome, reason, attempt, created_at, started_at, finished_at, lane)
                VALUES (?, ?, 'SCHEDULE', ?, NULL, NULL, 'WAITING', NULL, NULL, 0, ?, NULL, NULL, 0)
                ON CONFLICT DO NOTHING
                """, run, collection, now, now);
        update(connection, "UPDATE collection SET last_decided_slot = ? WHERE name = ?", now, collection);
    }

    private static void start(Connection connection, String collection, String run, long now) throws SQLException {
        update(connection, """
                UPDATE run SET state = 'RUNNING', attempt = attempt + 1, next_attempt_at = NULL, started_at = ?
                WHERE id = ? AND attempt = 0 AND state IN ('WAITING', 'RETRYING')
                """, now, run);
        update(connection, "UPDATE collection SET last_started_at = ? WHERE name = ?", now, collection);
    }

    private void finish(Connection connection, String collection, String run, long now) throws SQLException {
        String id = UUID.randomUUID().toString();
        update(connection, """
                UPDATE run
                SET state = 'FINISHED', outcome = 'SUCCEEDED', completeness = 'FULL', reason = NULL, error = NULL,
                    payload_id = ?, finished_at = ?, duration_ms = 1, next_attempt_at = NULL
                WHERE id = ? AND attempt = 1 AND state = 'RUNNING'
                """, id, now, run);
        update(connection, """
                INSERT INTO payload (id, collection, run_id, created_at, bytes, content) VALUES (?, ?, ?, ?, ?, ?)
                """, id, collection, run, now, (long) payload.length(), payload);
        update(connection, """
                UPDATE collection
                SET runs = runs + 1, succeeded = succeeded + 1, consecutive_failures = 0,
                    total_duration_ms = total_duration_ms + 1, last_run_id = ?, last_success_at = ?,
                    last_success_payload = ?
                WHERE name = ?
                """, run, now, id, collection);
    }

    /** What is done between a begin and a commit. */
    private interface Work {
        void in(Connection connection) throws SQLException;
    }

    private void transaction(Work work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            work.in(connection);
            connection.commit();
        }
    }

    private static void update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            int rows = statement.executeUpdate();
            if (rows != 1) {
                throw new IllegalStateException("changed " + rows + " rows: " + sql);
            }
        }
    }
}
