package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.nullableInstant;

import java.sql.Types;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of attempts that were given up and still run, by which the other instances know of them. Those of instances
 * that have ended count no more. Each method is a part of the caller's transaction.
 */
final class StuckRepository {

    private StuckRepository() {}

    /** @param instance in which the attempt runs, under the id that it has now */
    static void insert(JdbcClient jdbc, Run run, String instance) {
        jdbc.sql("""
                INSERT INTO stuck_attempt (run_id, number, collection, instance, started_at)
                VALUES (:run, :number, :collection, :instance, :startedAt)
                ON CONFLICT (run_id, number) DO UPDATE SET instance = excluded.instance
                """)
                .param("run", run.id())
                .param("number", run.attempt())
                .param("collection", run.collection())
                .param("instance", instance)
                .param("startedAt", Columns.millis(run.startedAt()), Types.BIGINT)
                .update();
    }

    static void delete(JdbcClient jdbc, Run run) {
        jdbc.sql("DELETE FROM stuck_attempt WHERE run_id = :run AND number = :number")
                .param("run", run.id())
                .param("number", run.attempt())
                .update();
    }

    /** Those of other live instances, by collection, the oldest of each first. */
    static List<StuckAttempt> findElsewhere(JdbcClient jdbc, String me) {
        return jdbc.sql("""
                SELECT stuck_attempt.* FROM stuck_attempt
                JOIN instance ON instance.id = stuck_attempt.instance AND instance.ended_at IS NULL
                WHERE stuck_attempt.instance <> :me
                ORDER BY collection, stuck_attempt.started_at
                """)
                .param("me", me)
                .query((row, number) -> new StuckAttempt(
                        row.getString("collection"),
                        row.getString("run_id"),
                        row.getInt("number"),
                        nullableInstant(row, "started_at")))
                .list();
    }
}
