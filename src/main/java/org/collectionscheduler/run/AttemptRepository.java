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
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of attempts. Each method is a part of the caller's transaction. */
final class AttemptRepository {

    private static final RowMapper<Attempt> READER = Columns.rows("attempt", "run_id", AttemptRepository::read);

    private static final String FINISH = """
            UPDATE attempt SET finished_at = :now, outcome = :outcome, error = :error
            WHERE run_id = :run AND number = :number AND finished_at IS NULL
            """;

    private AttemptRepository() {}

    /** An attempt that begins. */
    record Begun(String runId, int number, String instance, Instant at) {}

    static void insert(NamedParameterJdbcOperations batches, List<Begun> begun) {
        Columns.change(
                batches,
                "INSERT INTO attempt (run_id, number, instance, started_at) VALUES (:run, :number, :instance, :at)",
                begun,
                each -> new MapSqlParameterSource()
                        .addValue("run", each.runId())
                        .addValue("number", each.number())
                        .addValue("instance", each.instance())
                        .addValue("at", each.at().toEpochMilli()));
    }

    static void finish(JdbcClient jdbc, Run run, AttemptEnd end, Instant now) {
        jdbc.sql(FINISH).paramSource(finished(run, end, now)).update();
    }

    static void finish(NamedParameterJdbcOperations batches, List<RunEnds.Ending> endings) {
        Columns.change(batches, FINISH, endings, ending -> finished(ending.run(), ending.end(), ending.now()));
    }

    private static SqlParameterSource finished(Run run, AttemptEnd end, Instant now) {
        return new MapSqlParameterSource()
                .addValue("run", run.id())
                .addValue("number", run.attempt())
                .addValue("now", now.toEpochMilli())
                .addValue("outcome", end.outcome().name())
                .addValue("error", end.error(), Types.VARCHAR);
    }

    static Optional<Attempt> find(JdbcClient jdbc, String runId, int number) {
        return jdbc.sql("SELECT * FROM attempt WHERE run_id = :run AND number = :number")
                .param("run", runId)
                .param("number", number)
                .query(READER)
                .optional();
    }

    /** In the order in which they were made. */
    static List<Attempt> findAll(JdbcClient jdbc, String runId) {
        return jdbc.sql("SELECT * FROM attempt WHERE run_id = :run ORDER BY number")
                .param("run", runId)
                .query(READER)
                .list();
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
