package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.instant;
import static org.collectionscheduler.run.Columns.nullableEnum;
import static org.collectionscheduler.run.Columns.nullableInstant;
import static org.collectionscheduler.run.Columns.nullableLong;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.collectionscheduler.schedule.RunKind;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of runs. Each method is a part of the caller's transaction. */
final class RunRepository {

    private RunRepository() {}

    /** False when the slot has a run already, or the collection has an unfinished one: nothing was inserted. */
    static boolean insert(JdbcClient jdbc, Run run) {
        return jdbc.sql("""
                INSERT INTO run (id, collection, kind, scheduled_at, missed_from, missed_count,
                                 state, outcome, reason, created_at, finished_at)
                VALUES (:id, :collection, :kind, :scheduledAt, :missedFrom, :missedCount,
                        :state, :outcome, :reason, :createdAt, :finishedAt)
                ON CONFLICT DO NOTHING
                """)
                        .param("id", run.id())
                        .param("collection", run.collection())
                        .param("kind", run.kind().name())
                        .param("scheduledAt", Columns.millis(run.scheduledAt()), Types.BIGINT)
                        .param("missedFrom", Columns.millis(run.missedFrom()), Types.BIGINT)
                        .param("missedCount", run.missedCount(), Types.BIGINT)
                        .param("state", run.state().name())
                        .param(
                                "outcome",
                                run.outcome() == null ? null : run.outcome().name(),
                                Types.VARCHAR)
                        .param("reason", run.reason(), Types.VARCHAR)
                        .param("createdAt", run.createdAt().toEpochMilli())
                        .param("finishedAt", Columns.millis(run.finishedAt()), Types.BIGINT)
                        .update()
                == 1;
    }

    static Optional<Run> find(JdbcClient jdbc, String id) {
        return jdbc.sql("SELECT * FROM run WHERE id = :id")
                .param("id", id)
                .query(RunRepository::map)
                .optional();
    }

    static Optional<Run> findActive(JdbcClient jdbc, String collection) {
        return jdbc.sql("SELECT * FROM run WHERE collection = :collection AND state <> 'FINISHED'")
                .param("collection", collection)
                .query(RunRepository::map)
                .optional();
    }

    static List<Run> findAllActive(JdbcClient jdbc) {
        return jdbc.sql("SELECT * FROM run WHERE state <> 'FINISHED'")
                .query(RunRepository::map)
                .list();
    }

    /** Slots from {@code from} on that have a run. */
    static List<Instant> claimedSince(JdbcClient jdbc, String collection, Instant from) {
        return jdbc.sql("SELECT scheduled_at FROM run WHERE collection = :collection AND scheduled_at >= :from")
                .param("collection", collection)
                .param("from", from.toEpochMilli())
                .query((row, number) -> instant(row, "scheduled_at"))
                .list();
    }

    /** Newest first; of every collection when {@code collection} is null. */
    static List<Run> findNewest(JdbcClient jdbc, @Nullable String collection, int limit) {
        if (collection == null) {
            return jdbc.sql("SELECT * FROM run ORDER BY created_at DESC, id DESC LIMIT :limit")
                    .param("limit", limit)
                    .query(RunRepository::map)
                    .list();
        }
        return jdbc.sql("""
                SELECT * FROM run WHERE collection = :collection
                ORDER BY created_at DESC, id DESC LIMIT :limit
                """)
                .param("collection", collection)
                .param("limit", limit)
                .query(RunRepository::map)
                .list();
    }

    /** Begins attempt {@code run.attempt() + 1}. False when the run has moved on: nothing was changed. */
    static boolean startAttempt(JdbcClient jdbc, Run run, Instant now) {
        return jdbc.sql("""
                UPDATE run
                SET state = 'RUNNING', attempt = attempt + 1, next_attempt_at = NULL,
                    started_at = COALESCE(started_at, :now)
                WHERE id = :id AND attempt = :attempt AND state IN ('WAITING', 'RETRYING')
                """)
                        .param("id", run.id())
                        .param("attempt", run.attempt())
                        .param("now", now.toEpochMilli())
                        .update()
                == 1;
    }

    /** Has the next attempt made at that instant. False when the attempt is no longer the run's. */
    static boolean retryAt(JdbcClient jdbc, Run run, Instant nextAttemptAt, @Nullable String error) {
        return jdbc.sql("""
                UPDATE run SET state = 'RETRYING', next_attempt_at = :nextAttemptAt, error = :error
                WHERE id = :id AND attempt = :attempt AND state = 'RUNNING'
                """)
                        .param("id", run.id())
                        .param("attempt", run.attempt())
                        .param("nextAttemptAt", nextAttemptAt.toEpochMilli())
                        .param("error", error, Types.VARCHAR)
                        .update()
                == 1;
    }

    /** Ends the run. False when it is no longer in the attempt and state of {@code run}: nothing was changed. */
    static boolean finish(
            JdbcClient jdbc, Run run, RunOutcome outcome, AttemptEnd end, @Nullable String payloadId, Instant now) {
        return jdbc.sql("""
                UPDATE run
                SET state = 'FINISHED', outcome = :outcome, completeness = :completeness, reason = :reason,
                    error = :error, payload_id = :payload, finished_at = :now, duration_ms = :duration,
                    next_attempt_at = NULL
                WHERE id = :id AND attempt = :attempt AND state = :state AND state <> 'FINISHED'
                """)
                        .param("id", run.id())
                        .param("attempt", run.attempt())
                        .param("state", run.state().name())
                        .param("outcome", outcome.name())
                        .param(
                                "completeness",
                                end.completeness() == null
                                        ? null
                                        : end.completeness().name(),
                                Types.VARCHAR)
                        .param("reason", end.reason(), Types.VARCHAR)
                        .param("error", end.error(), Types.VARCHAR)
                        .param("payload", payloadId, Types.VARCHAR)
                        .param("now", now.toEpochMilli())
                        .param("duration", end.duration().toMillis())
                        .update()
                == 1;
    }

    private static Run map(ResultSet row, int number) throws SQLException {
        Long duration = nullableLong(row, "duration_ms");
        return new Run(
                row.getString("id"),
                row.getString("collection"),
                RunKind.valueOf(row.getString("kind")),
                nullableInstant(row, "scheduled_at"),
                nullableInstant(row, "missed_from"),
                nullableLong(row, "missed_count"),
                RunState.valueOf(row.getString("state")),
                nullableEnum(RunOutcome.class, row, "outcome"),
                nullableEnum(Completeness.class, row, "completeness"),
                row.getString("reason"),
                row.getInt("attempt"),
                nullableInstant(row, "next_attempt_at"),
                instant(row, "created_at"),
                nullableInstant(row, "started_at"),
                nullableInstant(row, "finished_at"),
                duration == null ? null : Duration.ofMillis(duration),
                row.getString("error"),
                row.getString("payload_id"));
    }
}
