package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.constant;
import static org.collectionscheduler.run.Columns.instant;
import static org.collectionscheduler.run.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.collectionscheduler.run.AuditEntry.Action;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of changes by hand. Each method is a part of the caller's transaction. */
final class AuditRepository {

    private static final RowMapper<AuditEntry> READER = Columns.rows("audit", "id", AuditRepository::read);

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
                .query(READER)
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
                .query((row, number) -> new ListedRow<>(Columns.position(row, "at"), readable(row)))
                .list();
    }

    private static @Nullable AuditEntry readable(ResultSet row) throws SQLException {
        try {
            return READER.mapRow(row, 0);
        } catch (UnreadableRowException e) {
            UnreadableRows.leaveOut(e);
            return null;
        }
    }

    private static AuditEntry read(ResultSet row, int number) throws SQLException {
        return new AuditEntry(
                text(row, "id"),
                instant(row, "at"),
                constant(Action.class, row, "action"),
                text(row, "collection"),
                text(row, "origin"),
                row.getString("reason"));
    }
}
