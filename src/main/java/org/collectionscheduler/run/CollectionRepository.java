package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.instant;
import static org.collectionscheduler.run.Columns.nullableInstant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.collectionscheduler.schedule.CollectionState;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of collections. Each method is a part of the caller's transaction. */
final class CollectionRepository {

    private CollectionRepository() {}

    static List<CollectionRecord> findAll(JdbcClient jdbc) {
        return jdbc.sql("SELECT * FROM collection ORDER BY name")
                .query(CollectionRepository::map)
                .list();
    }

    static Optional<CollectionRecord> find(JdbcClient jdbc, String name) {
        return jdbc.sql("SELECT * FROM collection WHERE name = :name")
                .param("name", name)
                .query(CollectionRepository::map)
                .optional();
    }

    /** By name; names that are not known are left out. */
    static Map<String, CollectionRecord> findAll(JdbcClient jdbc, Collection<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql("SELECT * FROM collection WHERE name IN (:names)")
                .param("names", names)
                .query(CollectionRepository::map)
                .list()
                .stream()
                .collect(Collectors.toMap(CollectionRecord::name, Function.identity()));
    }

    /** Its slots begin with the first that is not earlier than {@code now}. */
    static void insert(
            JdbcClient jdbc, String name, String collector, CollectionState state, String rhythm, Instant now) {
        jdbc.sql("""
                INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until)
                VALUES (:name, :collector, :state, :rhythm, :anchor, :settled)
                """)
                .param("name", name)
                .param("collector", collector)
                .param("state", state.name())
                .param("rhythm", rhythm)
                .param("anchor", now.toEpochMilli())
                .param("settled", now.toEpochMilli() - 1)
                .update();
    }

    static void update(JdbcClient jdbc, CollectionRecord changed) {
        jdbc.sql("""
                UPDATE collection
                SET collector = :collector, state = :state, rhythm = :rhythm, settled_until = :settled
                WHERE name = :name
                """)
                .param("name", changed.name())
                .param("collector", changed.collector())
                .param("state", changed.state().name())
                .param("rhythm", changed.rhythm())
                .param("settled", changed.settledUntil().toEpochMilli())
                .update();
    }

    static void decided(JdbcClient jdbc, String name, @Nullable Instant slot, long skipped) {
        jdbc.sql("""
                UPDATE collection
                SET last_decided_slot = COALESCE(:slot, last_decided_slot), skipped = skipped + :skipped
                WHERE name = :name
                """)
                .param("name", name)
                .param("slot", Columns.millis(slot), java.sql.Types.BIGINT)
                .param("skipped", skipped)
                .update();
    }

    static void started(JdbcClient jdbc, String name, Instant now) {
        jdbc.sql("UPDATE collection SET last_started_at = :now WHERE name = :name")
                .param("name", name)
                .param("now", now.toEpochMilli())
                .update();
    }

    /** Counts a finished run, once. */
    static void finished(JdbcClient jdbc, Run run, RunOutcome outcome, AttemptEnd end) {
        boolean succeeded = outcome == RunOutcome.SUCCEEDED;
        jdbc.sql("""
                UPDATE collection
                SET runs = runs + 1,
                    succeeded = succeeded + :succeeded,
                    partial = partial + :partial,
                    failed = failed + :failed,
                    timed_out = timed_out + :timedOut,
                    cancelled = cancelled + :cancelled,
                    abandoned = abandoned + :abandoned,
                    consecutive_failures = CASE WHEN :succeeded = 1 THEN 0 ELSE consecutive_failures + :failure END,
                    total_duration_ms = total_duration_ms + :duration,
                    last_run_id = :run
                WHERE name = :name
                """)
                .param("name", run.collection())
                .param("succeeded", one(succeeded))
                .param("partial", one(succeeded && end.completeness() == Completeness.PARTIAL))
                .param("failed", one(outcome == RunOutcome.FAILED))
                .param("timedOut", one(outcome == RunOutcome.TIMED_OUT))
                .param("cancelled", one(outcome == RunOutcome.CANCELLED))
                .param("abandoned", one(outcome == RunOutcome.ABANDONED))
                .param("failure", one(outcome.isFailure()))
                .param("duration", end.duration().toMillis())
                .param("run", run.id())
                .update();
    }

    static void succeeded(JdbcClient jdbc, String name, String payloadId, Instant now) {
        jdbc.sql("""
                UPDATE collection SET last_success_at = :now, last_success_payload = :payload WHERE name = :name
                """)
                .param("name", name)
                .param("now", now.toEpochMilli())
                .param("payload", payloadId)
                .update();
    }

    private static int one(boolean counted) {
        return counted ? 1 : 0;
    }

    private static CollectionRecord map(ResultSet row, int number) throws SQLException {
        return new CollectionRecord(
                row.getString("name"),
                row.getString("collector"),
                CollectionState.valueOf(row.getString("state")),
                row.getString("rhythm"),
                instant(row, "anchor"),
                instant(row, "settled_until"),
                nullableInstant(row, "last_decided_slot"),
                nullableInstant(row, "last_started_at"),
                nullableInstant(row, "last_success_at"),
                row.getString("last_success_payload"),
                row.getString("last_run_id"),
                counters(row));
    }

    private static CollectionRecord.Counters counters(ResultSet row) throws SQLException {
        return new CollectionRecord.Counters(
                row.getLong("runs"),
                row.getLong("succeeded"),
                row.getLong("partial"),
                row.getLong("failed"),
                row.getLong("timed_out"),
                row.getLong("cancelled"),
                row.getLong("abandoned"),
                row.getLong("skipped"),
                row.getLong("consecutive_failures"),
                Duration.ofMillis(row.getLong("total_duration_ms")));
    }
}
