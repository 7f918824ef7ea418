package org.collectionscheduler.dispatch.cluster;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.store.Batch;
import org.collectionscheduler.store.Coalescer;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The engine's table, where its own interface would take more statements, or could not do it without a race: each method
 * is one statement that leaves rows alone which somebody is just waking. Methods throw Spring's
 * {@code DataAccessException} when the database cannot be used.
 */
final class WakeTable {

    static final String NAME = "dispatch_task";

    /** When a collection is woken that only a change can make due. */
    static final Instant PARKED = Instant.parse("9999-01-01T00:00:00Z");

    private static final int BATCH = 500;

    /** Rows of collections that have changed since they were written here, or that nothing but a change makes due, are due. */
    private static final String ENSURE = """
            INSERT INTO dispatch_task (task_name, task_instance, task_data, execution_time, picked, version)
            SELECT :task, name, CAST(:shape AS BYTEA) || convert_to(state, 'UTF8'), :now, FALSE, 1
            FROM collection WHERE name = :name
            ON CONFLICT (task_name, task_instance) DO UPDATE
            SET task_data = excluded.task_data, version = dispatch_task.version + 1,
                execution_time = LEAST(dispatch_task.execution_time, excluded.execution_time)
            WHERE dispatch_task.picked = FALSE
              AND (dispatch_task.task_data IS DISTINCT FROM excluded.task_data OR dispatch_task.execution_time >= :parked)
            """;

    private static final String WOKEN = """
            WITH given (task, name, version, next, now) AS (VALUES :rows)
            UPDATE dispatch_task
            SET picked = FALSE, picked_by = NULL, last_heartbeat = NULL, last_success = given.now,
                consecutive_failures = 0, execution_time = given.next, version = given.version + 1
            FROM given
            WHERE task_name = given.task AND task_instance = given.name AND dispatch_task.version = given.version
            """;

    private final Coalescer together;
    private final Batch<Woken, Boolean> woken = this::wokenTogether;
    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate batches;
    private final Clock clock;

    /** @param together for statements of the same database */
    WakeTable(DataSource database, Coalescer together, Clock clock) {
        this.together = together;
        this.batches = new NamedParameterJdbcTemplate(database);
        this.jdbc = JdbcClient.create(batches);
        this.clock = clock;
    }

    /** Has a row for each of the collections. One that is new, or is declared otherwise than before, is due at once. */
    void ensure(Collection<ScheduledCollection> collections) {
        // In an order that all instances have in common.
        List<ScheduledCollection> all = new ArrayList<>(collections);
        all.sort(Comparator.comparing(ScheduledCollection::name));
        for (int from = 0; from < all.size(); from += BATCH) {
            SqlParameterSource[] batch = all.subList(from, Math.min(from + BATCH, all.size())).stream()
                    .map(this::row)
                    .toArray(SqlParameterSource[]::new);
            batches.batchUpdate(ENSURE, batch);
        }
    }

    private SqlParameterSource row(ScheduledCollection collection) {
        return new MapSqlParameterSource()
                .addValue("task", collection.collector().name())
                .addValue("name", collection.name())
                .addValue("shape", collection.declaration().getBytes(StandardCharsets.UTF_8), Types.BINARY)
                .addValue("parked", time(PARKED), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("now", time(clock.instant()), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    /** Rows of what is no longer in force, or of another collector than is. */
    void removeStale() {
        jdbc.sql("""
                DELETE FROM dispatch_task WHERE picked = FALSE AND NOT EXISTS (
                    SELECT 1 FROM collection
                    WHERE name = task_instance AND collector = task_name AND state <> 'RETIRED')
                """).update();
    }

    /**
     * Tells what has become of that collection so far: another text whenever anybody has done anything for it, while a run
     * of it is unfinished, and when an instance has joined, which may follow it. Empty when, as it is stored, it is followed
     * by nobody under that collector.
     */
    Optional<String> progress(String collection, String collector) {
        return jdbc.sql("""
                SELECT CONCAT_WS(' ', runs, last_decided_slot, last_started_at,
                    (SELECT MAX(started_at) FROM instance WHERE ended_at IS NULL),
                    (SELECT MAX(clock_timestamp()) FROM run
                     WHERE run.collection = collection.name AND run.state <> 'FINISHED'))
                FROM collection
                WHERE name = :name AND collector = :task AND state NOT IN ('RETIRED', 'QUARANTINED')
                """)
                .param("name", collection)
                .param("task", collector)
                .query(String.class)
                .optional();
    }

    /**
     * Whoever was waking it has done so. Does nothing when another one was given it meanwhile, for this one was believed
     * dead.
     *
     * @param version of the row when it was taken
     * @param next when to wake it again
     */
    void woken(TaskInstanceId task, long version, Instant next) {
        together.make(woken, new Woken(task.getTaskName(), task.getId(), version, next));
    }

    /** A row whose collection was woken. */
    private record Woken(String task, String name, long version, Instant next) {}

    /** In the order of {@link #ensure}: two that each hold a row that the other one wants would wait for ever. */
    private List<Boolean> wokenTogether(JdbcClient unused, NamedParameterJdbcOperations statements, List<Woken> rows) {
        OffsetDateTime now = time(clock.instant());
        List<Object[]> given = rows.stream()
                .sorted(Comparator.comparing(Woken::name))
                .map(row -> new Object[] {row.task(), row.name(), row.version(), time(row.next()), now})
                .toList();
        statements.update(WOKEN, Map.of("rows", Batch.padded(given)));
        return Collections.nCopies(rows.size(), true);
    }

    /** Has the collection woken then, unless it is woken before that anyway or just now. */
    boolean bringForward(String collection, Instant at) {
        return jdbc.sql("""
                UPDATE dispatch_task SET execution_time = :at, version = version + 1
                WHERE task_instance = :name AND picked = FALSE AND execution_time > :at
                """)
                        .param("name", collection)
                        .param("at", time(at), Types.TIMESTAMP_WITH_TIMEZONE)
                        .update()
                > 0;
    }

    /** Whether somebody is waking it just now, and may decide by what was stored a moment ago. */
    boolean isBeingWoken(String collection) {
        return jdbc.sql("SELECT COUNT(*) FROM dispatch_task WHERE task_instance = :name AND picked = TRUE")
                        .param("name", collection)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** A retired collection is woken no more. */
    void removeRetired(String collection) {
        jdbc.sql("""
                DELETE FROM dispatch_task WHERE task_instance = :name
                AND NOT EXISTS (SELECT 1 FROM collection WHERE name = :name AND state <> 'RETIRED')
                """).param("name", collection).update();
    }

    /** Its rows under other collectors than that. */
    void removeOthers(String collection, String collector) {
        jdbc.sql("DELETE FROM dispatch_task WHERE task_instance = :name AND task_name <> :task")
                .param("name", collection)
                .param("task", collector)
                .update();
    }

    /** Whether a collection of one of these collectors, at least one, was due by then and has not been taken since. */
    boolean isLeft(Set<String> collectors, Instant dueBy) {
        return !jdbc.sql("""
                SELECT task_instance FROM dispatch_task
                WHERE picked = FALSE AND execution_time <= :dueBy AND task_name IN (:collectors) LIMIT 1
                """)
                .param("dueBy", time(dueBy), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("collectors", collectors)
                .query(String.class)
                .list()
                .isEmpty();
    }

    /**
     * Has others wake what that process has taken of collectors other than these.
     *
     * @param taker as the engine names itself
     * @param collectors may be none
     * @return how many
     */
    int giveBack(String taker, Set<String> collectors) {
        return jdbc.sql("""
                UPDATE dispatch_task
                SET picked = FALSE, picked_by = NULL, last_heartbeat = NULL, version = version + 1
                WHERE picked = TRUE AND picked_by = :taker AND task_name NOT IN (:collectors)
                """)
                .param("taker", taker)
                .param("collectors", collectors.isEmpty() ? Set.of("") : collectors)
                .update();
    }

    /** The next instants at which anything is due, the earliest first. */
    List<Instant> dueBetween(Instant from, Instant to, int limit) {
        return jdbc.sql("""
                SELECT execution_time FROM dispatch_task
                WHERE execution_time > :from AND execution_time <= :to AND picked = FALSE
                ORDER BY execution_time LIMIT :limit
                """)
                .param("from", time(from), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("to", time(to), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("limit", limit)
                .query((row, number) -> instant(row))
                .list();
    }

    /**
     * Has collections woken of which an unfinished run is left to nobody: by an instance that has ended, or because the
     * word of it was lost. Looks at unfinished runs alone.
     *
     * @return how many
     */
    int wakeAbandoned() {
        Instant now = clock.instant();
        return jdbc.sql("""
                UPDATE dispatch_task SET execution_time = :now, version = version + 1
                WHERE (task_name, task_instance) IN (
                    SELECT task_name, task_instance FROM dispatch_task
                    WHERE picked = FALSE AND execution_time > :now AND task_instance IN (
                        SELECT run.collection FROM run
                        LEFT JOIN instance ON instance.id = run.instance AND instance.ended_at IS NULL
                        WHERE run.state <> 'FINISHED'
                          AND (run.state = 'RETRYING' AND run.next_attempt_at <= :millis
                               OR run.state <> 'RETRYING' AND instance.id IS NULL))
                    FOR UPDATE SKIP LOCKED)
                """)
                .param("now", time(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("millis", now.toEpochMilli())
                .update();
    }

    /** Has collections woken of which that instance has runs that wait. */
    int wakeWaitingOf(String instance) {
        return jdbc.sql("""
                UPDATE dispatch_task SET execution_time = :now, version = version + 1
                WHERE (task_name, task_instance) IN (
                    SELECT task_name, task_instance FROM dispatch_task
                    WHERE picked = FALSE AND execution_time > :now AND task_instance IN (
                        SELECT collection FROM run
                        WHERE state <> 'FINISHED' AND state = 'WAITING' AND instance = :instance)
                    FOR UPDATE SKIP LOCKED)
                """)
                .param("now", time(clock.instant()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("instance", instance)
                .update();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row) throws SQLException {
        return row.getObject("execution_time", OffsetDateTime.class).toInstant();
    }
}
