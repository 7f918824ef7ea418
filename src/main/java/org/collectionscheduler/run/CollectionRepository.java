package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.constant;
import static org.collectionscheduler.run.Columns.instant;
import static org.collectionscheduler.run.Columns.nullableInstant;
import static org.collectionscheduler.run.Columns.number;
import static org.collectionscheduler.run.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.SlotRange;
import org.collectionscheduler.store.Batch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of collections. Each method is a part of the caller's transaction. */
final class CollectionRepository {

    private static final Logger log = LoggerFactory.getLogger(CollectionRepository.class);

    private static final RowMapper<CollectionRecord> READER =
            Columns.rows("collection", "name", CollectionRepository::read);

    private static final String FINISHED = """
            WITH given (name, run, succeeded, partial, failed, timed_out, cancelled, abandoned, failure, duration,
                        succeeded_at, payload) AS (VALUES :rows)
            UPDATE collection
            SET runs = runs + 1,
                succeeded = collection.succeeded + given.succeeded,
                partial = collection.partial + given.partial,
                failed = collection.failed + given.failed,
                timed_out = collection.timed_out + given.timed_out,
                cancelled = collection.cancelled + given.cancelled,
                abandoned = collection.abandoned + given.abandoned,
                consecutive_failures =
                    CASE WHEN given.succeeded = 1 THEN 0 ELSE consecutive_failures + given.failure END,
                total_duration_ms = total_duration_ms + given.duration,
                last_run_id = given.run,
                last_success_at = COALESCE(CAST(given.succeeded_at AS BIGINT), last_success_at),
                last_success_payload = COALESCE(given.payload, last_success_payload)
            FROM given
            WHERE collection.name = given.name
            RETURNING collection.name, consecutive_failures, suspended_until
            """;

    /** In place of a slot where there is none: no slot is so early. */
    private static final long NO_SLOT = Long.MIN_VALUE;

    private CollectionRepository() {}

    /** Every collection, by name. Of a row that cannot be read there is what can be, as {@code QUARANTINED}. */
    static List<CollectionRecord> findAll(JdbcClient jdbc) {
        return jdbc.sql("SELECT * FROM collection WHERE name IS NOT NULL ORDER BY name")
                .query(CollectionRepository::readOrSalvage)
                .list();
    }

    /** The named collections, as {@link #findAll} reads them; {@code names} is not empty. */
    static List<CollectionRecord> find(JdbcClient jdbc, Collection<String> names) {
        return jdbc.sql("SELECT * FROM collection WHERE name IN (:names)")
                .param("names", names)
                .query(CollectionRepository::readOrSalvage)
                .list();
    }

    /**
     * The named collections whose rows can be read; {@code names} is not empty.
     *
     * @param unreadable takes the name of each other one that is stored, and why its row cannot be read
     */
    static List<CollectionRecord> find(
            JdbcClient jdbc, Collection<String> names, BiConsumer<String, UnreadableRowException> unreadable) {
        return jdbc
                .sql("SELECT * FROM collection WHERE name IN (:names)")
                .param("names", names)
                .query((row, number) -> readable(row, unreadable))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** @param unreadable takes the name of each collection whose row cannot be read, and why */
    static void findUnreadable(JdbcClient jdbc, BiConsumer<String, UnreadableRowException> unreadable) {
        jdbc.sql("SELECT * FROM collection WHERE name IS NOT NULL").query(row -> {
            readable(row, unreadable);
        });
    }

    private static Optional<CollectionRecord> readable(
            ResultSet row, BiConsumer<String, UnreadableRowException> unreadable) throws SQLException {
        try {
            return Optional.of(readRow(row));
        } catch (UnreadableRowException e) {
            unreadable.accept(row.getString("name"), e);
            return Optional.empty();
        }
    }

    /** @throws UnreadableRowException when its row cannot be read */
    static Optional<CollectionRecord> find(JdbcClient jdbc, String name) {
        return jdbc.sql("SELECT * FROM collection WHERE name = :name")
                .param("name", name)
                .query(READER)
                .optional();
    }

    /** @throws UnreadableRowException when the row at which {@code rows} stands cannot be read */
    static CollectionRecord readRow(ResultSet rows) throws SQLException {
        return Objects.requireNonNull(READER.mapRow(rows, 0));
    }

    /** Name of the collector that the collection had when it was last declared, whatever else its row holds. */
    static Optional<String> collectorOf(JdbcClient jdbc, String name) {
        return jdbc.sql("SELECT collector FROM collection WHERE name = :name AND collector IS NOT NULL")
                .param("name", name)
                .query(String.class)
                .optional();
    }

    /** Names of those that the configuration has declared and whose schedules are followed, whatever else they hold. */
    static List<String> findConfigured(JdbcClient jdbc) {
        return jdbc.sql("""
                SELECT name FROM collection
                WHERE name IS NOT NULL AND declared_by <> 'PROCESS' AND state <> 'RETIRED'
                """).query(String.class).list();
    }

    /** By name, what is in force of those that the configuration has declared. */
    static Map<String, String> findDeclarations(JdbcClient jdbc) {
        Map<String, String> declarations = new TreeMap<>();
        jdbc.sql("""
                SELECT name, COALESCE(declaration, '') AS declaration FROM collection
                WHERE name IS NOT NULL AND declared_by <> 'PROCESS' AND state <> 'RETIRED'
                """).query(row -> {
            declarations.put(row.getString("name"), row.getString("declaration"));
        });
        return declarations;
    }

    /** Slots up to {@code settledUntil} need not be served. False when there is one of that name by now. */
    static boolean insert(JdbcClient jdbc, String name, Declaration declared, Instant anchor, Instant settledUntil) {
        return jdbc.sql("""
                INSERT INTO collection (name, collector, state, declared_by, rhythm, declaration, anchor, settled_until)
                VALUES (:name, :collector, :state, :declaredBy, :rhythm, :declaration, :anchor, :settled)
                ON CONFLICT (name) DO NOTHING
                """)
                        .param("name", name)
                        .param("collector", declared.collector())
                        .param("state", declared.state().name())
                        .param("declaredBy", declared.by().name())
                        .param("rhythm", declared.rhythm())
                        .param("declaration", declared.text())
                        .param("anchor", anchor.toEpochMilli())
                        .param("settled", settledUntil.toEpochMilli())
                        .update()
                == 1;
    }

    static void update(JdbcClient jdbc, CollectionRecord changed) {
        jdbc.sql("""
                UPDATE collection
                SET collector = :collector, state = :state, declared_by = :declaredBy, rhythm = :rhythm,
                    declaration = :declaration, settled_until = :settled
                WHERE name = :name
                """)
                .param("name", changed.name())
                .param("collector", changed.collector())
                .param("state", changed.declared().name())
                .param("declaredBy", changed.declaredBy().name())
                .param("rhythm", changed.rhythm())
                .param("declaration", changed.declaration())
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

    /** Whatever else the row holds, it is declared no more. False when it is not there, or was retired before. */
    static boolean retire(JdbcClient jdbc, String name) {
        return jdbc.sql("UPDATE collection SET state = 'RETIRED' WHERE name = :name AND state <> 'RETIRED'")
                        .param("name", name)
                        .update()
                == 1;
    }

    /** Whatever else the row holds, its schedule is followed no more. */
    static void quarantine(JdbcClient jdbc, String name) {
        jdbc.sql("UPDATE collection SET state = 'QUARANTINED' WHERE name = :name")
                .param("name", name)
                .update();
    }

    /**
     * Ends a rest; slots up to {@code settledUntil} need not be served, nor those that were settled later, unless by a
     * clock that has gone back since.
     */
    static void recover(JdbcClient jdbc, String name, Instant settledUntil, Instant now) {
        jdbc.sql("""
                UPDATE collection
                SET suspended_until = NULL,
                    settled_until = CASE WHEN settled_until > :settled AND settled_until <= :now
                                    THEN settled_until ELSE :settled END
                WHERE name = :name
                """)
                .param("name", name)
                .param("settled", settledUntil.toEpochMilli())
                .param("now", now.toEpochMilli())
                .update();
    }

    /**
     * Remembers that the slots of the runs, or starts without one, have those runs, and when each began if it has.
     *
     * @return those of which that was remembered; not where the collection is not active any more, paused, or declared
     *     otherwise, or where another slot was decided: nothing was changed. That is looked at here, for whoever decided may
     *     have looked before the pause
     */
    static List<RunClaims.Claim> claimed(NamedParameterJdbcOperations batches, List<RunClaims.Claim> claims) {
        return Columns.change(batches, """
                WITH given (name, declaration, none, decided_on, slot, started) AS (VALUES :rows)
                UPDATE collection
                SET last_decided_slot = COALESCE(CAST(given.slot AS BIGINT), last_decided_slot),
                    last_started_at = COALESCE(CAST(given.started AS BIGINT), last_started_at)
                FROM given
                WHERE collection.name = given.name AND state = 'ACTIVE' AND paused_at IS NULL
                  AND (collection.declaration IS NULL OR collection.declaration = given.declaration)
                  AND COALESCE(last_decided_slot, given.none) = given.decided_on
                RETURNING collection.name
                """, claims, claim -> claim.run().collection(), CollectionRepository::claimed);
    }

    private static Object[] claimed(RunClaims.Claim claim) {
        Run run = claim.run();
        return new Object[] {
            run.collection(),
            claim.declaration(),
            NO_SLOT,
            millisOrNone(claim.decidedOn()),
            Columns.number(Columns.millis(run.scheduledAt())),
            Columns.number(Columns.millis(run.startedAt()))
        };
    }

    /** Whether it is declared; nobody can retire it before the end of the transaction. */
    static boolean isHeldUnretired(JdbcClient jdbc, String name) {
        return jdbc.sql("UPDATE collection SET state = state WHERE name = :name AND state <> 'RETIRED'")
                        .param("name", name)
                        .update()
                == 1;
    }

    /**
     * Settles slots that were passed over.
     *
     * @param decidedOn the last decided slot, as whoever decided saw it; null when there was none
     * @return false when another slot was decided since: nothing was changed
     */
    static boolean passedOver(JdbcClient jdbc, String name, SlotRange slots, @Nullable Instant decidedOn) {
        return jdbc.sql("""
                UPDATE collection SET last_decided_slot = :slot, skipped = skipped + :skipped
                WHERE name = :name AND COALESCE(last_decided_slot, :none) = :decidedOn
                """)
                        .param("name", name)
                        .param("slot", slots.last().toEpochMilli())
                        .param("skipped", slots.count())
                        .param("none", NO_SLOT)
                        .param("decidedOn", millisOrNone(decidedOn))
                        .update()
                == 1;
    }

    private static long millisOrNone(@Nullable Instant slot) {
        return slot == null ? NO_SLOT : slot.toEpochMilli();
    }

    /** Counts a run that was claimed and never began. */
    static void dropped(JdbcClient jdbc, String name, long slots) {
        jdbc.sql("UPDATE collection SET skipped = skipped + :slots WHERE name = :name")
                .param("name", name)
                .param("slots", slots)
                .update();
    }

    /** Remembers when the newest attempt of each began. */
    static void started(NamedParameterJdbcOperations batches, List<RunStarts.Start> starts) {
        Columns.change(batches, """
                WITH given (name, now) AS (VALUES :rows)
                UPDATE collection SET last_started_at = given.now FROM given WHERE collection.name = given.name
                RETURNING collection.name
                """, starts, start -> start.run().collection(), start ->
                new Object[] {start.run().collection(), start.now().toEpochMilli()});
    }

    /**
     * What the failure policy goes by.
     *
     * @param consecutiveFailures since the last success
     * @param suspendedUntil end of the rest; null when there is none
     */
    record Health(long consecutiveFailures, @Nullable Instant suspendedUntil) {}

    /**
     * Counts finished runs, each once, and remembers the newest success.
     *
     * @param endings of as many collections
     * @return by name, what became of each collection
     */
    static Map<String, Health> finished(NamedParameterJdbcOperations batches, List<RunEnds.Ending> endings) {
        Map<String, Health> healths = new HashMap<>();
        List<Object[]> given =
                endings.stream().map(CollectionRepository::finished).toList();
        batches.query(FINISHED, Map.of("rows", Batch.padded(given)), row -> {
            healths.put(
                    row.getString("name"),
                    new Health(row.getLong("consecutive_failures"), nullableInstant(row, "suspended_until")));
        });
        return healths;
    }

    private static Object[] finished(RunEnds.Ending ending) {
        RunOutcome outcome = ending.end().outcome();
        boolean succeeded = outcome == RunOutcome.SUCCEEDED;
        return new Object[] {
            ending.run().collection(),
            ending.run().id(),
            one(succeeded),
            one(succeeded && ending.end().completeness() == Completeness.PARTIAL),
            one(outcome == RunOutcome.FAILED),
            one(outcome == RunOutcome.TIMED_OUT),
            one(outcome == RunOutcome.CANCELLED),
            one(outcome == RunOutcome.ABANDONED),
            one(outcome.isFailure()),
            ending.end().duration().toMillis(),
            Columns.number(succeeded ? ending.now().toEpochMilli() : null),
            Columns.text(ending.payloadId())
        };
    }

    private static int one(boolean counted) {
        return counted ? 1 : 0;
    }

    /** Whoever asks for that row alone is told what is wrong with it. */
    private static CollectionRecord readOrSalvage(ResultSet row, int number) throws SQLException {
        try {
            return READER.mapRow(row, number);
        } catch (UnreadableRowException e) {
            log.atDebug().setCause(e).log("row salvaged");
            return salvage(row);
        }
    }

    private static CollectionRecord salvage(ResultSet row) throws SQLException {
        return new CollectionRecord(
                row.getString("name"),
                or("unknown", () -> text(row, "collector")),
                CollectionState.QUARANTINED,
                or(DeclaredBy.CONFIGURATION, () -> constant(DeclaredBy.class, row, "declared_by")),
                or("unknown", () -> text(row, "rhythm")),
                row.getString("declaration"),
                or(Instant.EPOCH, () -> instant(row, "anchor")),
                or(Instant.EPOCH, () -> instant(row, "settled_until")),
                orNull(() -> nullableInstant(row, "paused_at")),
                orNull(() -> nullableInstant(row, "suspended_until")),
                orNull(() -> nullableInstant(row, "last_decided_slot")),
                orNull(() -> nullableInstant(row, "last_started_at")),
                orNull(() -> nullableInstant(row, "last_success_at")),
                row.getString("last_success_payload"),
                row.getString("last_run_id"),
                or(CollectionRecord.Counters.NONE, () -> counters(row)));
    }

    private interface Value<T> {
        T read() throws SQLException;
    }

    private interface Moment {
        @Nullable Instant read() throws SQLException;
    }

    private static <T> T or(T otherwise, Value<T> value) throws SQLException {
        try {
            return value.read();
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }

    private static @Nullable Instant orNull(Moment moment) throws SQLException {
        try {
            return moment.read();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static CollectionRecord read(ResultSet row, int number) throws SQLException {
        return new CollectionRecord(
                text(row, "name"),
                text(row, "collector"),
                constant(CollectionState.class, row, "state"),
                constant(DeclaredBy.class, row, "declared_by"),
                text(row, "rhythm"),
                row.getString("declaration"),
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
                number(row, "runs"),
                number(row, "succeeded"),
                number(row, "partial"),
                number(row, "failed"),
                number(row, "timed_out"),
                number(row, "cancelled"),
                number(row, "abandoned"),
                number(row, "skipped"),
                number(row, "consecutive_failures"),
                Duration.ofMillis(number(row, "total_duration_ms")));
    }
}
