package org.collectionscheduler.dispatch.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.collectionscheduler.run.Agreement.ByCode;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What code of instances declares, of each collection. Methods throw Spring's {@code DataAccessException}. */
final class CodeDeclarationTable {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    CodeDeclarationTable(DataSource database) {
        this.jdbc = JdbcClient.create(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    /**
     * Says what code of that instance declares. Of two that do so at a time and disagree, both may be told that nobody
     * does: the one of them that is not in force asks again.
     *
     * @return whether it is in force, or nothing is, or no code of another live instance that takes runs declares it
     *     otherwise than that instance
     */
    boolean declare(String id, String collection, String declaration) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            say(id, collection, declaration);
            return isGranted(id, collection, declaration);
        }));
    }

    private void say(String id, String collection, String declaration) {
        jdbc.sql("""
                INSERT INTO code_declaration (instance, collection, declaration)
                VALUES (:id, :collection, :declaration)
                ON CONFLICT (instance, collection) DO UPDATE SET declaration = excluded.declaration
                """)
                .param("id", id)
                .param("collection", collection)
                .param("declaration", declaration)
                .update();
    }

    private boolean isGranted(String id, String collection, String declaration) {
        return jdbc.sql("""
                SELECT COUNT(*) FROM collection
                WHERE name = :collection AND state <> 'RETIRED' AND declaration IS DISTINCT FROM :declaration
                  AND (declared_by <> 'PROCESS' OR EXISTS (
                       SELECT 1 FROM code_declaration
                       JOIN instance ON instance.id = code_declaration.instance
                       WHERE code_declaration.collection = :collection
                         AND code_declaration.declaration <> :declaration
                         AND instance.id <> :id AND instance.ended_at IS NULL AND instance.draining_at IS NULL))
                """)
                        .param("id", id)
                        .param("collection", collection)
                        .param("declaration", declaration)
                        .query(Long.class)
                        .single()
                == 0;
    }

    /** By the ids of live instances, the collections whose declaration by code there is not the one in force. */
    Map<String, List<String>> differing() {
        Map<String, List<String>> differing = new HashMap<>();
        jdbc.sql("""
                SELECT instance.id, collection.name FROM code_declaration
                JOIN instance ON instance.id = code_declaration.instance
                JOIN collection ON collection.name = code_declaration.collection
                WHERE instance.ended_at IS NULL AND collection.state <> 'RETIRED'
                  AND collection.declaration IS DISTINCT FROM code_declaration.declaration
                ORDER BY collection.name
                """).query(row -> {
            differing
                    .computeIfAbsent(row.getString("id"), id -> new ArrayList<>())
                    .add(row.getString("name"));
        });
        return differing;
    }

    void undeclare(String id, String collection) {
        jdbc.sql("DELETE FROM code_declaration WHERE instance = :id AND collection = :collection")
                .param("id", id)
                .param("collection", collection)
                .update();
    }

    /** What is in force of each collection that code of that instance declares. */
    Map<String, ByCode> declaredBy(String id) {
        Map<String, ByCode> declared = new HashMap<>();
        jdbc.sql("""
                SELECT code_declaration.collection,
                       COALESCE(collection.state = 'RETIRED' AND collection.declared_by = 'PROCESS', FALSE) AS removed,
                       COALESCE(collection.state <> 'RETIRED'
                                AND collection.declaration = code_declaration.declaration, FALSE) AS in_force
                FROM code_declaration
                LEFT JOIN collection ON collection.name = code_declaration.collection
                WHERE code_declaration.instance = :id
                """).param("id", id).query(row -> {
            ByCode otherwise = row.getBoolean("removed") ? ByCode.REMOVED : ByCode.OTHERWISE;
            declared.put(row.getString("collection"), row.getBoolean("in_force") ? ByCode.IN_FORCE : otherwise);
        });
        return declared;
    }
}
