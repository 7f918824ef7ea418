package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.instant;
import static org.collectionscheduler.run.Columns.nullableEnum;
import static org.collectionscheduler.run.Columns.nullableInstant;
import static org.collectionscheduler.run.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of attempts. Each method is a part of the caller's transaction.
 *
 * <p>Most runs have one attempt, of which the run's own row says everything. So the first attempt has a row of its own
 * from the moment on in which a second one is to follow; each later one has a row from its beginning.
 */
final class AttemptRepository {

    private static final RowMapper<Attempt> READER = Columns.rows("attempt", "run_id", AttemptRepository::read);

    private static final String FINISH = """
            UPDATE attempt SET finished_at = :now, outcome = :outcome, error = :error
            WHERE run_id = :run AND number = :number AND finished_at IS NULL
            """;

    private static final String INSERT_FIRST = """
            INSERT INTO attempt (run_id, number, instance, started_at, finished_at, outcome, error)
            VALUES (:run, :number, :instance, :startedAt, :now, :outcome, :error)
            ON CONFLICT (run_id, number) DO UPDATE
            SET finished_at = excluded.finished_at, outcome = excluded.outcome, error = excluded.error
            """;

    private AttemptRepository() {}

    /** Whether the run's newest attempt has a row of its own; one of before runs had an instance has. */
    private static boolean hasRow(Run run) {
        return run.attempt() > 1 || run.instance() == null;
    }

    /** An attempt that begins. */
    record Begun(String runId, int number, String instance, Instant at) {

        private boolean isFirst() {
            return number == 1;
        }
    }

    static void begin(NamedParameterJdbcOperations batches, List<Begun> begun) {
        List<Begun> later = begun.stream().filter(each -> !each.isFirst()).toList();
        Set<String> inserted = Columns.insert(batches, """
                INSERT INTO attempt (run_id, number, instance, started_at) VALUES :rows
                ON CONFLICT (run_id, number) DO NOTHING
                RETURNING run_id
                """, later, each -> new Object[] {
            each.runId(), each.number(), each.instance(), each.at().toEpochMilli()
        });
        later.stream()
                .filter(each -> !inserted.contains(each.runId()))
                .findFirst()
                .ifPresent(each -> {
                    throw new IllegalStateException(
                            "attempt " + each.number() + " of run " + each.runId() + " was stored before it began");
                });
    }

    /** Ends the newest attempt of a run that gets another one. */
    static void finish(JdbcClient jdbc, Run run, AttemptEnd end, Instant now) {
        jdbc.sql(hasRow(run) ? FINISH : INSERT_FIRST)
                .paramSource(finished(run, end, now)
                        .addValue("instance", run.instance())
                        .addValue("startedAt", Columns.millis(run.startedAt()), Types.BIGINT))
                .update();
    }

    /** Ends the newest attempts of runs that have ended with them. */
    static void finish(NamedParameterJdbcOperations batches, List<RunEnds.Ending> endings) {
        Columns.change(
                batches,
                """
                WITH given (run, number, now, outcome, error) AS (VALUES :rows)
                UPDATE attempt SET finished_at = given.now, outcome = given.outcome, error = given.error
                FROM given
                WHERE run_id = given.run AND attempt.number = given.number AND finished_at IS NULL
                RETURNING run_id
                """,
                endings.stream().filter(ending -> hasRow(ending.run())).toList(),
                ending -> ending.run().id(),
                ending -> new Object[] {
                    ending.run().id(),
                    ending.run().attempt(),
                    ending.now().toEpochMilli(),
                    ending.end().outcome().name(),
                    Columns.text(ending.end().error())
                });
    }

    private static MapSqlParameterSource finished(Run run, AttemptEnd end, Instant now) {
        return new MapSqlParameterSource()
                .addValue("run", run.id())
                .addValue("number", run.attempt())
                .addValue("now", now.toEpochMilli())
                .addValue("outcome", end.outcome().name())
                .addValue("error", end.error(), Types.VARCHAR);
    }

    /** The newest attempt of a run that is stored like that; empty when it was never attempted. */
    static Optional<Attempt> newest(JdbcClient jdbc, Run run) {
        return find(jdbc, run.id(), run.attempt()).or(() -> first(run));
    }

    /** As the run itself tells it: its first attempt is its newest, and has no row. */
    private static Optional<Attempt> first(Run run) {
        String instance = run.instance();
        Instant startedAt = run.startedAt();
        if (run.attempt() != 1 || instance == null || startedAt == null) {
            return Optional.empty();
        }
        return Optional.of(new Attempt(1, instance, startedAt, run.finishedAt(), run.outcome(), run.error()));
    }

    static Optional<Attempt> find(JdbcClient jdbc, String runId, int number) {
        return jdbc.sql("SELECT * FROM attempt WHERE run_id = :run AND number = :number")
                .param("run", runId)
                .param("number", number)
                .query(READER)
                .optional();
    }

    /** Those of a run that is stored like that, in the order in which they were made. */
    static List<Attempt> findAll(JdbcClient jdbc, Run run) {
        List<Attempt> rows = jdbc.sql("SELECT * FROM attempt WHERE run_id = :run ORDER BY number")
                .param("run", run.id())
                .query(READER)
                .list();
        return rows.isEmpty() ? first(run).stream().toList() : rows;
    }

    private static Attempt read(ResultSet row, int number) throws SQLException {
        return new Attempt(
                row.getInt("number"),
                text(row, "instance"),
                instant(row, "started_at"),
                nullableInstant(row, "finished_at"),
                nullableEnum(RunOutcome.class, row, "outcome"),
                row.getString("error"));
    }
}
