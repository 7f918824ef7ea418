package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.instant;
import static org.collectionscheduler.run.Columns.nullableInstant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.collectionscheduler.schedule.CollectionState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of collections. Each method is a part of the caller's transaction. */
final class CollectionRepository {

    private static final Logger log = LoggerFactory.getLogger(CollectionRepository.class);

    private CollectionRepository() {}

    /** Every collection whose row can be read, by name. */
    static List<CollectionRecord> findAll(JdbcClient jdbc) {
        return jdbc.sql("SELECT * FROM collection ORDER BY name")
                .query((row, number) -> readable(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Those of the named collections whose row can be read; {@code names} is not empty. */
    static List<CollectionRecord> find(JdbcClient jdbc, Collection<String> names) {
        return jdbc
                .sql("SELECT * FROM collection WHERE name IN (:names)")
                .param("names", names)
                .query((row, number) -> readable(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Names of the collections whose schedule is followed no more because their row could not be read. */
    static List<String> findQuarantined(JdbcClient jdbc) {
        return jdbc.sql("SELECT name FROM collection WHERE state = 'QUARANTINED' ORDER BY name")
                .query(String.class)
                .list();
    }

    static Optional<CollectionRecord> find(JdbcClient jdbc, String name) {
        return jdbc.sql("SELECT * FROM collection WHERE name = :name")
                .param("name", name)
                .query(CollectionRepository::map)
                .optional();
    }

    /** Slots up to {@code settledUntil} need not be served. */
    static void insert(JdbcClient jdbc, String name, Declaration declared, Instant anchor, Instant settledUntil) {
        jdbc.sql("""
                INSERT INTO collection (name, collector, state, declared_by, rhythm, anchor, settled_until)
                VALUES (:name, :collector, :state, :declaredBy, :rhythm, :anchor, :settled)
                """)
                .param("name", name)
                .param("collector", declared.collector())
                .param("state", declared.state().name())
                .param("declaredBy", declared.by().name())
                .param("rhythm", declared.rhythm())
                .param("anchor", anchor.toEpochMilli())
                .param("settled", settledUntil.toEpochMilli())
                .update();
    }

    static void update(JdbcClient jdbc, CollectionRecord changed) {
        jdbc.sql("""
                UPDATE collection
                SET collector = :collector, state = :state, declared_by = :declaredBy, rhythm = :rhythm,
                    settled_until = :settled
                WHERE name = :name
                """)
                .param("name", changed.name())
                .param("collector", changed.collector())
                .param("state", changed.declared().name())
                .param("declaredBy", changed.declaredBy().name())
                .param("rhythm", changed.rhythm())
                .param("settled", changed.settledUntil().toEpochMilli())
                .update();
    }

    /** False when it is paused already. */
    static boolean pause(JdbcClient jdbc, String name, Instant now) {
        return jdbc.sql("UPDATE collection SET paused_at = :now WHERE name = :name AND paused_at IS NULL")
                        .param("name", name)
                        .param("now", now.toEpochMilli())
                        .update()
                == 1;
    }

    /** Ends a pause and a rest; slots up to {@code settledUntil} need not be served. False when there is neither. */
    static boolean resume(JdbcClient jdbc, String name, Instant settledUntil) {
        return jdbc.sql("""
                UPDATE collection SET paused_at = NULL, suspended_until = NULL, settled_until = :settled
                WHERE name = :name AND (paused_at IS NOT NULL OR suspended_until IS NOT NULL)
                """)
                        .param("name", name)
                        .param("settled", settledUntil.toEpochMilli())
                        .update()
                == 1;
    }

    static void suspend(JdbcClient jdbc, String name, Instant until) {
        jdbc.sql("UPDATE collection SET suspended_until = :until WHERE name = :name")
                .param("name", name)
                .param("until", until.toEpochMilli())
                .update();
    }

    /** Whatever else the row holds, its schedule is followed no more. */
    static void quarantine(JdbcClient jdbc, String name) {
        jdbc.sql("UPDATE collection SET state = 'QUARANTINED' WHERE name = :name")
                .param("name", name)
                .update();
    }

    /** Ends a rest; slots up to {@code settledUntil} need not be served. */
    static void recover(JdbcClient jdbc, String name, Instant settledUntil) {
        jdbc.sql("""
                UPDATE collection
                SET suspended_until = NULL,
                    settled_until = CASE WHEN settled_until > :settled THEN settled_until ELSE :settled END
                WHERE name = :name
                """)
                .param("name", name)
                .param("settled", settledUntil.toEpochMilli())
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

    /**
     * What the failure policy goes by.
     *
     * @param consecutiveFailures since the last success
     * @param suspendedUntil end of the rest; null when there is none
     */
    record Health(long consecutiveFailures, @Nullable Instant suspendedUntil) {}

    /** Counts a finished run, once. */
    static Health finished(JdbcClient jdbc, Run run, AttemptEnd end) {
        RunOutcome outcome = end.outcome();
        boolean succeeded = outcome == RunOutcome.SUCCEEDED;
        return jdbc.sql("""
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
                RETURNING consecutive_failures, suspended_until
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
                .query((row, number) ->
                        new Health(row.getLong("consecutive_failures"), nullableInstant(row, "suspended_until")))
                .single();
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

    /** Empty when nothing can be made of it; whoever asks for that row alone is told why. */
    private static Optional<CollectionRecord> readable(ResultSet row) throws SQLException {
        try {
            return Optional.of(map(row, 0));
        } catch (UnreadableRowException e) {
            log.atDebug().setCause(e).log("row left out");
            return Optional.empty();
        }
    }

    private static CollectionRecord map(ResultSet row, int number) throws SQLException {
        try {
            return read(row);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new UnreadableRowException("collection", row.getString("name"), e);
        }
    }

    private static CollectionRecord read(ResultSet row) throws SQLException {
        return new CollectionRecord(
                row.getString("name"),
                row.getString("collector"),
                CollectionState.valueOf(row.getString("state")),
                DeclaredBy.valueOf(row.getString("declared_by")),
                row.getString("rhythm"),
                instant(row, "anchor"),
                instant(row, "settled_until"),
                nullableInstant(row, "paused_at"),
                nullableInstant(row, "suspended_until"),
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
