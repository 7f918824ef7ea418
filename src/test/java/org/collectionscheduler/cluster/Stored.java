package org.collectionscheduler.cluster;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the product has stored.
 *
 * @param intervened collections whose schedule somebody has paused or resumed
 */
record Stored(
        List<Collection> collections,
        List<Run> runs,
        List<Attempt> attempts,
        List<Payload> payloads,
        List<Instance> instances,
        Set<String> intervened) {

    static final List<String> OUTCOMES = List.of("SUCCEEDED", "FAILED", "TIMED_OUT", "CANCELLED", "ABANDONED");

    /**
     * @param settledUntil slots up to then need no run
     * @param counted how many runs its row says have ended so, by outcome; of those skipped, how many slots
     */
    record Collection(String name, String rhythm, Instant anchor, Instant settledUntil, Map<String, Long> counted) {}

    /** @param missedCount null when the run is for its slot alone, or for none */
    record Run(
            String id,
            String collection,
            String kind,
            @Nullable Instant scheduledAt,
            @Nullable Instant missedFrom,
            @Nullable Long missedCount,
            String state,
            @Nullable String outcome,
            int attempt,
            Instant createdAt,
            @Nullable String payloadId) {

        boolean isFinished() {
            return state.equals("FINISHED");
        }

        boolean isSuccess() {
            return "SUCCEEDED".equals(outcome);
        }

        /** The first slot that it stands for; null when it stands for none. */
        @Nullable Instant firstSlot() {
            return missedFrom == null ? scheduledAt : missedFrom;
        }

        @Override
        public String toString() {
            return "run " + id + " of " + collection + " (" + kind + " " + missedFrom + ".." + scheduledAt + " x"
                    + missedCount + ", " + state + " " + outcome + " in attempt " + attempt + ", created " + createdAt
                    + ")";
        }
    }

    record Attempt(
            String runId,
            int number,
            String instance,
            Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String outcome) {}

    /**
     * @param namedRun the run that its content names
     * @param namedAttempt likewise
     */
    record Payload(String id, String runId, @Nullable String namedRun, int namedAttempt) {}

    /** @param endedAt by the database's clock; null while it lives */
    record Instance(String id, @Nullable Instant endedAt) {}

    static Stored read(JdbcClient jdbc) {
        return new Stored(
                jdbc.sql("SELECT * FROM collection WHERE state NOT IN ('RETIRED', 'DISABLED') ORDER BY name")
                        .query((row, number) -> collection(row))
                        .list(),
                readRuns(jdbc),
                jdbc.sql("""
                        SELECT run_id, number, instance, started_at, finished_at, outcome FROM attempt
                        UNION ALL
                        SELECT id, 1, instance, started_at, finished_at, outcome FROM run
                        WHERE attempt = 1 AND NOT EXISTS (SELECT 1 FROM attempt WHERE run_id = run.id)
                        ORDER BY run_id, number
                        """).query((row, number) -> attempt(row)).list(),
                jdbc.sql("""
                        SELECT id, run_id, CAST(content AS jsonb) #>> '{run,id}' AS named_run,
                               CAST(CAST(content AS jsonb) #>> '{run,attempt}' AS integer) AS named_attempt
                        FROM payload ORDER BY created_at
                        """).query((row, number) -> payload(row)).list(),
                jdbc.sql("SELECT id, ended_at FROM instance ORDER BY started_at")
                        .query((row, number) -> new Instance(row.getString("id"), instant(row, "ended_at")))
                        .list(),
                jdbc
                        .sql("SELECT collection FROM audit WHERE action IN ('PAUSE', 'RESUME')")
                        .query(String.class)
                        .list()
                        .stream()
                        .collect(Collectors.toSet()));
    }

    static List<Run> readRuns(JdbcClient jdbc) {
        return jdbc.sql("SELECT * FROM run ORDER BY created_at, id")
                .query((row, number) -> run(row))
                .list();
    }

    private static Collection collection(ResultSet row) throws SQLException {
        Map<String, Long> counted = new TreeMap<>();
        for (String outcome : OUTCOMES) {
            counted.put(outcome, row.getLong(outcome));
        }
        counted.put("SKIPPED", row.getLong("skipped"));
        return new Collection(
                row.getString("name"),
                row.getString("rhythm"),
                Instant.ofEpochMilli(row.getLong("anchor")),
                Instant.ofEpochMilli(row.getLong("settled_until")),
                counted);
    }

    private static Run run(ResultSet row) throws SQLException {
        return new Run(
                row.getString("id"),
                row.getString("collection"),
                row.getString("kind"),
                instant(row, "scheduled_at"),
                instant(row, "missed_from"),
                row.getObject("missed_count") == null ? null : row.getLong("missed_count"),
                row.getString("state"),
                row.getString("outcome"),
                row.getInt("attempt"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("payload_id"));
    }

    private static Attempt attempt(ResultSet row) throws SQLException {
        return new Attempt(
                row.getString("run_id"),
                row.getInt("number"),
                row.getString("instance"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                instant(row, "finished_at"),
                row.getString("outcome"));
    }

    private static Payload payload(ResultSet row) throws SQLException {
        return new Payload(
                row.getString("id"), row.getString("run_id"), row.getString("named_run"), row.getInt("named_attempt"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column) == null ? null : Instant.ofEpochMilli(row.getLong(column));
    }
}
