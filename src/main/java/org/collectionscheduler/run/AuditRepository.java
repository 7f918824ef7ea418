package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.instant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.collectionscheduler.run.AuditEntry.Action;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of changes by hand. Each method is a part of the caller's transaction. */
final class AuditRepository {

    private static final Logger log = LoggerFactory.getLogger(AuditRepository.class);

    private AuditRepository() {}

    static void insert(JdbcClient jdbc, AuditEntry entry) {
        jdbc.sql("""
                INSERT INTO audit (id, at, action, collection, origin, reason)
                VALUES (:id, :at, :action, :collection, :origin, :reason)
                """)
                .param("id", entry.id())
                .param("at", entry.at().toEpochMilli())
                .param("action", entry.action().name())
                .param("collection", entry.collection())
                .param("origin", entry.origin())
                .param("reason", entry.reason(), Types.VARCHAR)
                .update();
    }

    static Optional<AuditEntry> find(JdbcClient jdbc, String id) {
        return jdbc.sql("SELECT * FROM audit WHERE id = :id")
                .param("id", id)
                .query(AuditRepository::map)
                .optional();
    }

    /**
     * Newest first.
     *
     * @param collection null for all
     * @param before begins behind that position; null for the beginning
     */
    static List<ListedRow<AuditEntry>> findNewest(
            JdbcClient jdbc, @Nullable String collection, @Nullable RowPosition before, int limit) {
        String only = collection == null ? "" : " AND collection = :collection";
        String behind = before == null ? "" : " AND at <= :at AND (at < :at OR id < :id)";
        JdbcClient.StatementSpec statement = jdbc.sql(
                        "SELECT * FROM audit WHERE 1 = 1" + only + behind + " ORDER BY at DESC, id DESC LIMIT :limit")
                .param("limit", limit);
        if (collection != null) {
            statement = statement.param("collection", collection);
        }
        if (before != null) {
            statement = statement.param("at", before.at().toEpochMilli()).param("id", before.id());
        }
        return statement
                .query((row, number) ->
                        new ListedRow<>(new RowPosition(instant(row, "at"), row.getString("id")), readable(row)))
                .list();
    }

    private static @Nullable AuditEntry readable(ResultSet row) throws SQLException {
        try {
            return map(row, 0);
        } catch (IllegalArgumentException | NullPointerException e) {
            log.atDebug().setCause(e).log("row left out");
            return null;
        }
    }

    private static AuditEntry map(ResultSet row, int number) throws SQLException {
        return new AuditEntry(
                row.getString("id"),
                instant(row, "at"),
                Action.valueOf(row.getString("action")),
                row.getString("collection"),
                row.getString("origin"),
                row.getString("reason"));
    }
}
