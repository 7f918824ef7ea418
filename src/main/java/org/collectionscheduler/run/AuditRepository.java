package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.instant;

import java.sql.Types;
import java.util.Optional;
import org.collectionscheduler.run.AuditEntry.Action;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of changes by hand. Each method is a part of the caller's transaction. */
final class AuditRepository {

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
                .query((row, number) -> new AuditEntry(
                        row.getString("id"),
                        instant(row, "at"),
                        Action.valueOf(row.getString("action")),
                        row.getString("collection"),
                        row.getString("origin"),
                        row.getString("reason")))
                .optional();
    }
}
