package org.collectionscheduler.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.collectionscheduler.store.Batch;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is stored of collections, in one statement: it is read before each decision. */
final class SnapshotRepository {

    /** Both tables have a state. */
    private static final String RUN_STATE = "run.state";

    /** A name that only fills the batch up must not bring its runs a second time. */
    private static final String FIND = """
            WITH given (wanted) AS (VALUES :names)
            SELECT collection.*,
                   (SELECT MAX(scheduled_at) FROM run WHERE run.collection = collection.name) AS latest_slot,
                   (SELECT COUNT(*) FROM stuck_attempt
                    JOIN instance ON instance.id = stuck_attempt.instance AND instance.ended_at IS NULL
                    WHERE stuck_attempt.collection = collection.name AND stuck_attempt.instance <> :me
                   ) AS stuck_elsewhere,
                   run.id, run.collection, run.kind, run.scheduled_at, run.missed_from, run.missed_count,
                   run.state AS "run.state", run.outcome, run.completeness, run.reason, run.attempt, run.instance,
                   run.next_attempt_at, run.created_at, run.started_at, run.finished_at, run.duration_ms, run.error, run.payload_id
            FROM (SELECT DISTINCT wanted FROM given) AS each_one
            JOIN collection ON collection.name = each_one.wanted
            LEFT JOIN run ON run.collection = collection.name AND run.state <> 'FINISHED'
            ORDER BY collection.name, run.created_at, run.id
            """;

    private SnapshotRepository() {}

    /**
     * What was found.
     *
     * @param active its unfinished runs, oldest first
     * @param latestSlot the latest of its slots that have a run; null when none has, or when it cannot be read
     * @param anySlot whether any of its slots has a run
     * @param stuckElsewhere how many attempts of it were given up and still run, in other live instances
     */
    record Found(
            CollectionRecord collection,
            List<Run> active,
            @Nullable Instant latestSlot,
            boolean anySlot,
            int stuckElsewhere) {

        /** False also when that cannot be told. */
        boolean claimedOnlyBefore(Instant from) {
            return !anySlot || latestSlot != null && latestSlot.isBefore(from);
        }
    }

    /**
     * By name, those that are registered.
     *
     * @param names at least one
     * @param me this process' instance
     * @throws UnreadableRowException when a row of theirs, or that of an unfinished run, cannot be read
     */
    static Map<String, Found> find(JdbcClient jdbc, Collection<String> names, String me) {
        ResultSetExtractor<Map<String, Found>> reader = SnapshotRepository::read;
        List<Object[]> rows = names.stream().map(name -> new Object[] {name}).toList();
        return Objects.requireNonNull(jdbc.sql(FIND)
                .param("names", Batch.padded(rows))
                .param("me", me)
                .query(reader));
    }

    private static Map<String, Found> read(ResultSet rows) throws SQLException {
        Map<String, Found> found = new HashMap<>();
        boolean more = rows.next();
        while (more) {
            CollectionRecord collection = CollectionRepository.readRow(rows);
            Object latest = rows.getObject("latest_slot");
            Instant latestSlot = latest instanceof Number millis ? Instant.ofEpochMilli(millis.longValue()) : null;
            int stuckElsewhere = rows.getInt("stuck_elsewhere");
            List<Run> active = new ArrayList<>();
            do {
                if (rows.getString(RUN_STATE) != null) {
                    active.add(RunRepository.readRow(rows, RUN_STATE));
                }
                more = rows.next();
            } while (more && collection.name().equals(rows.getString("name")));
            found.put(collection.name(), new Found(collection, active, latestSlot, latest != null, stuckElsewhere));
        }
        return found;
    }
}
