package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.constant;
import static org.collectionscheduler.run.Columns.instant;
import static org.collectionscheduler.run.Columns.nullableEnum;
import static org.collectionscheduler.run.Columns.nullableInstant;
import static org.collectionscheduler.run.Columns.nullableLong;
import static org.collectionscheduler.run.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.schedule.SkipReason;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of runs. Each method is a part of the caller's transaction.
 *
 * <p>The state that a run must be in is a value given to its statement: where the statement itself says that, PostgreSQL may
 * look for the run among all that are unfinished, instead of by its key.
 */
final class RunRepository {

    private static final RowMapper<Run> READER = reader("state");

    private static final RowMapper<ClaimedSlot> SLOTS = Columns.rows(
            "run", "id", (row, number) -> new ClaimedSlot(row.getString("collection"), instant(row, "scheduled_at")));

    private static final String INSERT = """
            INSERT INTO run (id, collection, kind, scheduled_at, missed_from, missed_count,
                             state, outcome, reason, attempt, instance, created_at, started_at, finished_at, lane)
            VALUES :rows
            ON CONFLICT DO NOTHING
            RETURNING id
            """;

    private RunRepository() {}

    private static RowMapper<Run> reader(String stateColumn) {
        return Columns.rows("run", "id", (row, number) -> read(row, stateColumn));
    }

    /**
     * Inserts an unfinished run in the first free of {@code lanes} lanes. False when the slot has a run already, or no
     * lane is free: nothing was inserted.
     */
    static boolean insert(JdbcClient jdbc, Run run, int lanes) {
        return IntStream.range(0, lanes).anyMatch(lane -> insertInLane(jdbc, run, lane));
    }

    /** Claims of those of the unfinished runs that were inserted in that lane: their slots had no run, and it was free. */
    static List<RunClaims.Claim> insertInLane(
            NamedParameterJdbcOperations batches, List<RunClaims.Claim> claims, int lane) {
        Set<String> ids = Columns.insert(batches, INSERT, claims, claim -> inserted(claim.run(), lane));
        return claims.stream().filter(claim -> ids.contains(claim.run().id())).toList();
    }

    static void delete(JdbcClient jdbc, String id) {
        jdbc.sql("DELETE FROM run WHERE id = :id").param("id", id).update();
    }

    /** Inserts the record of slots that were passed over. False when the last of them has a run already. */
    static boolean insertSkipped(JdbcClient jdbc, Run run) {
        return insertInLane(jdbc, run, 0);
    }

    private static boolean insertInLane(JdbcClient jdbc, Run run, int lane) {
        return jdbc.sql(INSERT)
                .param("rows", List.<Object[]>of(inserted(run, lane)))
                .query(String.class)
                .optional()
                .isPresent();
    }

    private static Object[] inserted(Run run, int lane) {
        return new Object[] {
            run.id(),
            run.collection(),
            run.kind().name(),
            Columns.number(Columns.millis(run.scheduledAt())),
            Columns.number(Columns.millis(run.missedFrom())),
            Columns.number(run.missedCount()),
            run.state().name(),
            Columns.text(Columns.name(run.outcome())),
            Columns.text(run.reason()),
            run.attempt(),
            Columns.text(run.instance()),
            run.createdAt().toEpochMilli(),
            Columns.number(Columns.millis(run.startedAt())),
            Columns.number(Columns.millis(run.finishedAt())),
            lane
        };
    }

    /**
     * The run at which {@code rows} stands.
     *
     * @param stateColumn what its state is called there
     * @throws UnreadableRowException when its row cannot be read
     */
    static Run readRow(ResultSet rows, String stateColumn) throws SQLException {
        return Objects.requireNonNull(reader(stateColumn).mapRow(rows, 0));
    }

    static Optional<Run> find(JdbcClient jdbc, String id) {
        return jdbc.sql("SELECT * FROM run WHERE id = :id")
                .param("id", id)
                .query(RunRepository::map)
                .optional();
    }

    /** Unfinished runs of the collection, oldest first. */
    static List<Run> findActive(JdbcClient jdbc, String collection) {
        return jdbc.sql("""
                SELECT * FROM run WHERE collection = :collection AND state <> 'FINISHED' ORDER BY created_at, id
                """)
                .param("collection", collection)
                .query(RunRepository::map)
                .list();
    }

    /** Unfinished runs of those collections whose row can be read, oldest first; {@code collections} is not empty. */
    static List<Run> findActive(JdbcClient jdbc, Collection<String> collections) {
        return jdbc.sql("""
                SELECT * FROM run WHERE collection IN (:collections) AND state <> 'FINISHED' ORDER BY created_at, id
                """).param("collections", collections).query(RunRepository::mapReadable).list().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Those of the runs whose row is there and can be read. */
    static List<Run> find(JdbcClient jdbc, Collection<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return jdbc
                .sql("SELECT * FROM run WHERE id IN (:ids)")
                .param("ids", ids)
                .query(RunRepository::mapReadable)
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Those that can be read; the others quarantine their collections at their next decisions. */
    static List<Run> findAllActive(JdbcClient jdbc) {
        return jdbc.sql("SELECT * FROM run WHERE state <> 'FINISHED'").query(RunRepository::mapReadable).list().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** @param unreadable takes the collection of each unfinished run whose row cannot be read, and why */
    static void findUnreadableActive(JdbcClient jdbc, BiConsumer<String, UnreadableRowException> unreadable) {
        jdbc.sql("SELECT * FROM run WHERE state <> 'FINISHED' AND collection IS NOT NULL")
                .query(row -> {
                    try {
                        READER.mapRow(row, 0);
                    } catch (UnreadableRowException e) {
                        unreadable.accept(row.getString("collection"), e);
                    }
                });
    }

    /** As {@link #findAllActive}, of collections that are declared no more. */
    static List<Run> findActiveOfRetired(JdbcClient jdbc) {
        return jdbc.sql("""
                SELECT run.* FROM run JOIN collection ON collection.name = run.collection
                WHERE run.state <> 'FINISHED' AND collection.state = 'RETIRED'
                """).query(RunRepository::mapReadable).list().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Slots from {@code from} on that have a run. */
    static List<Instant> claimedSince(JdbcClient jdbc, String collection, Instant from) {
        return jdbc.sql("SELECT id, scheduled_at FROM run WHERE collection = :collection AND scheduled_at >= :from")
                .param("collection", collection)
                .param("from", from.toEpochMilli())
                .query(Columns.rows("run", "id", (row, number) -> instant(row, "scheduled_at")))
                .list();
    }

    /** A slot that has a run. */
    record ClaimedSlot(String collection, Instant at) {}

    /**
     * Slots that have a run; rows that cannot be read are left out, and quarantine their collections at their next
     * decisions.
     *
     * @param since pairs of a collection's name and the epoch milliseconds from which on its slots are wanted
     */
    static List<ClaimedSlot> claimedSince(JdbcClient jdbc, List<Object[]> since) {
        if (since.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("""
                WITH wanted (name, since) AS (VALUES :since)
                SELECT id, collection, scheduled_at FROM wanted
                JOIN run ON collection = name AND scheduled_at >= since
                """).param("since", since).query((row, number) -> readable(SLOTS, row)).list().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Newest first.
     *
     * @param after begins behind that position; null for the beginning
     */
    static List<ListedRow<Run>> find(JdbcClient jdbc, RunFilter filter, @Nullable RowPosition after, int limit) {
        List<String> conditions = new ArrayList<>(List.of("1 = 1"));
        Map<String, Object> parameters = new HashMap<>(filter.conditions(conditions));
        if (after != null) {
            conditions.add("created_at <= :afterAt AND (created_at < :afterAt OR id < :afterId)");
            parameters.put("afterAt", after.at().toEpochMilli());
            parameters.put("afterId", after.id());
        }
        parameters.put("limit", limit);
        return jdbc.sql("SELECT * FROM run WHERE " + String.join(" AND ", conditions)
                        + " ORDER BY created_at DESC, id DESC LIMIT :limit")
                .params(parameters)
                .query((row, number) -> new ListedRow<>(
                        Columns.position(row, "created_at"),
                        mapReadable(row, number).orElse(null)))
                .list();
    }

    /**
     * Begins the next attempts of runs.
     *
     * @return those that were begun; the others have moved on, and nothing of them was changed
     */
    static List<RunStarts.Start> startAttempts(NamedParameterJdbcOperations batches, List<RunStarts.Start> starts) {
        List<RunStarts.Start> waiting = starts.stream()
                .filter(start ->
                        start.run().state() == RunState.WAITING || start.run().state() == RunState.RETRYING)
                .toList();
        return Columns.change(batches, """
                WITH given (id, state, attempt, instance, now) AS (VALUES :rows)
                UPDATE run
                SET state = 'RUNNING', attempt = run.attempt + 1, instance = given.instance, next_attempt_at = NULL,
                    started_at = COALESCE(run.started_at, given.now)
                FROM given
                WHERE run.id = given.id AND run.attempt = given.attempt AND run.state = given.state
                RETURNING run.id
                """, waiting, start -> start.run().id(), start -> new Object[] {
            start.run().id(),
            start.run().state().name(),
            start.run().attempt(),
            start.instance(),
            start.now().toEpochMilli()
        });
    }

    /** Has the next attempt made at that instant. False when the attempt is no longer the run's. */
    static boolean retryAt(JdbcClient jdbc, Run run, Instant nextAttemptAt, @Nullable String error) {
        return jdbc.sql("""
                UPDATE run SET state = 'RETRYING', next_attempt_at = :nextAttemptAt, error = :error
                WHERE id = :id AND attempt = :attempt AND state = :running
                """)
                        .param("id", run.id())
                        .param("running", RunState.RUNNING.name())
                        .param("attempt", run.attempt())
                        .param("nextAttemptAt", nextAttemptAt.toEpochMilli())
                        .param("error", error, Types.VARCHAR)
                        .update()
                == 1;
    }

    /**
     * Ends runs.
     *
     * @return those that were ended; the others were no longer in the attempt and state of {@code run}, and nothing of them
     *     was changed
     */
    static List<RunEnds.Ending> finish(NamedParameterJdbcOperations batches, List<RunEnds.Ending> endings) {
        List<RunEnds.Ending> unfinished = endings.stream()
                .filter(ending -> ending.run().state() != RunState.FINISHED)
                .toList();
        return Columns.change(batches, """
                WITH given (id, attempt, state, outcome, completeness, reason, error, payload, now, duration)
                    AS (VALUES :rows)
                UPDATE run
                SET state = 'FINISHED', outcome = given.outcome, completeness = given.completeness,
                    reason = given.reason, error = given.error, payload_id = given.payload, finished_at = given.now,
                    duration_ms = given.duration, next_attempt_at = NULL
                FROM given
                WHERE run.id = given.id AND run.attempt = given.attempt AND run.state = given.state
                RETURNING run.id
                """, unfinished, ending -> ending.run().id(), RunRepository::finished);
    }

    private static Object[] finished(RunEnds.Ending ending) {
        Run run = ending.run();
        AttemptEnd end = ending.end();
        return new Object[] {
            run.id(),
            run.attempt(),
            run.state().name(),
            end.outcome().name(),
            Columns.text(Columns.name(end.completeness())),
            Columns.text(end.reason()),
            Columns.text(end.error()),
            Columns.text(ending.payloadId()),
            ending.now().toEpochMilli(),
            end.duration().toMillis()
        };
    }

    /** Ends a run that was never attempted. False when it has moved on: nothing was changed. */
    static boolean skip(JdbcClient jdbc, Run run, SkipReason reason, Instant now) {
        return jdbc.sql("""
                UPDATE run
                SET state = 'FINISHED', outcome = 'SKIPPED', reason = :reason, finished_at = :now, next_attempt_at = NULL
                WHERE id = :id AND attempt = 0 AND state = :waiting
                """)
                        .param("id", run.id())
                        .param("waiting", RunState.WAITING.name())
                        .param("reason", reason.lowerCaseName())
                        .param("now", now.toEpochMilli())
                        .update()
                == 1;
    }

    private static Run map(ResultSet row, int number) throws SQLException {
        return READER.mapRow(row, number);
    }

    private static Optional<Run> mapReadable(ResultSet row, int number) throws SQLException {
        return readable(READER, row);
    }

    private static <T> Optional<T> readable(RowMapper<T> reader, ResultSet row) throws SQLException {
        try {
            return Optional.ofNullable(reader.mapRow(row, 0));
        } catch (UnreadableRowException e) {
            UnreadableRows.leaveOut(e);
            return Optional.empty();
        }
    }

    private static Run read(ResultSet row, String stateColumn) throws SQLException {
        Long duration = nullableLong(row, "duration_ms");
        return new Run(
                text(row, "id"),
                text(row, "collection"),
                constant(RunKind.class, row, "kind"),
                nullableInstant(row, "scheduled_at"),
                nullableInstant(row, "missed_from"),
                nullableLong(row, "missed_count"),
                constant(RunState.class, row, stateColumn),
                nullableEnum(RunOutcome.class, row, "outcome"),
                nullableEnum(Completeness.class, row, "completeness"),
                row.getString("reason"),
                row.getInt("attempt"),
                row.getString("instance"),
                nullableInstant(row, "next_attempt_at"),
                instant(row, "created_at"),
                nullableInstant(row, "started_at"),
                nullableInstant(row, "finished_at"),
                duration == null ? null : Duration.ofMillis(duration),
                row.getString("error"),
                row.getString("payload_id"));
    }
}
