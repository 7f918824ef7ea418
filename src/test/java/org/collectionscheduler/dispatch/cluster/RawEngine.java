package org.collectionscheduler.dispatch.cluster;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * db-scheduler alone, with the limits that the service gives it; its tasks write the rows of a run in the transactions of
 * a run, each by prepared statements, are due again a day later, and do nothing else.
 */
final class RawEngine implements AutoCloseable {

    private final DataSource database;
    private final String payload;
    private final CustomTask<Void> task;
    private final Scheduler scheduler;

    /** @param finished is run when a run is */
    RawEngine(DataSource database, int threads, String payload, Runnable finished) {
        this.database = database;
        this.payload = payload;
        this.task = Tasks.custom("raw", Void.class).execute((instance, context) -> {
            run(instance.getId());
            finished.run();
            return (complete, operations) ->
                    operations.reschedule(complete, Instant.now().plus(Duration.ofDays(1)));
        });
        this.scheduler = Scheduler.create(database, task)
                .tableName(WakeTable.NAME)
                .threads(threads)
                .pollUsingLockAndFetch(0.5, 1.0)
                .pollingInterval(Duration.ofSeconds(1))
                .build();
    }

    void addDue(String prefix, int runs) {
        scheduler.scheduleBatch(
                IntStream.range(0, runs)
                        .<com.github.kagkarlsson.scheduler.task.TaskInstance<?>>mapToObj(i -> task.instance(prefix + i))
                        .toList(),
                Instant.now());
    }

    void start() {
        scheduler.start();
    }

    @Override
    public void close() {
        scheduler.stop();
    }

    private void run(String collection) {
        String run = UUID.randomUUID().toString();
        long now = System.nanoTime();
        try {
            transaction(connection -> claim(connection, collection, run, now));
            transaction(connection -> finish(connection, collection, run, now));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void claim(Connection connection, String collection, String run, long now) throws SQLException {
        update(connection, """
                INSERT INTO run (id, collection, kind, scheduled_at, state, attempt, instance, created_at, started_at, lane)
                VALUES (?, ?, 'SCHEDULE', ?, 'RUNNING', 1, 'raw', ?, ?, 0)
                ON CONFLICT DO NOTHING
                """, run, collection, now, now, now);
        update(
                connection,
                "UPDATE collection SET last_decided_slot = ?, last_started_at = ? WHERE name = ?",
                now,
                now,
                collection);
    }

    private void finish(Connection connection, String collection, String run, long now) throws SQLException {
        String id = UUID.randomUUID().toString();
        update(connection, """
                UPDATE run
                SET state = 'FINISHED', outcome = 'SUCCEEDED', completeness = 'FULL', payload_id = ?, finished_at = ?,
                    duration_ms = 1, next_attempt_at = NULL
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
            connection.setAutoCommit(true);
        }
    }

    private static void update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("changed no row: " + sql);
            }
        }
    }
}
