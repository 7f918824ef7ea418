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
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of attempts. Each method is a part of the caller's transaction. */
final class AttemptRepository {

    private static final RowMapper<Attempt> READER = Columns.rows("attempt", "run_id", AttemptRepository::read);

    private AttemptRepository() {}

    static void insert(JdbcClient jdbc, String runId, int number, String instance, Instant now) {
        jdbc.sql("""
                INSERT INTO attempt (run_id, number, instance, started_at)
                VALUES (:run, :number, :instance, :now)
                """)
                .param("run", runId)
                .param("number", number)
                .param("instance", instance)
                .param("now", now.toEpochMilli())
                .update();
    }

    static void finish(JdbcClient jdbc, Run run, AttemptEnd end, Instant now) {
        jdbc.sql("""
                UPDATE attempt SET finished_at = :now, outcome = :outcome, error = :error
                WHERE run_id = :run AND number = :number AND finished_at IS NULL
                """)
                .param("run", run.id())
                .param("number", run.attempt())
                .param("now", now.toEpochMilli())
                .param("outcome", end.outcome().name())
                .param("error", end.error(), Types.VARCHAR)
                .update();
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
