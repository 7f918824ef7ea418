package org.collectionscheduler.dispatch.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.collectionscheduler.run.CodeAgreement.Declared;
import org.collectionscheduler.run.CodeAgreement.Place;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What code of instances declares, of each collection. Methods throw Spring's {@code DataAccessException}. */
final class CodeDeclarationTable {

    static final String NAME = "code_declaration";

    /** Of what one instance declares. What an older build has put in force, whoever declares it may change. */
    private static final String PLACES = """
            SELECT mine.collection, mine.declaration,
                   CASE WHEN stored.state = 'RETIRED' AND stored.declared_by = 'PROCESS' THEN 'REMOVED'
                        WHEN stored.name IS NULL OR stored.state = 'RETIRED' THEN 'GRANTED'
                        WHEN stored.declaration = mine.declaration THEN 'IN_FORCE'
                        WHEN stored.declared_by <> 'PROCESS' OR EXISTS (
                             SELECT 1 FROM code_declaration theirs
                             JOIN instance ON instance.id = theirs.instance
                             WHERE theirs.collection = mine.collection AND theirs.declaration = stored.declaration
                               AND instance.ended_at IS NULL AND instance.draining_at IS NULL) THEN 'LEFT_TO_OTHERS'
                        ELSE 'GRANTED' END AS place
            FROM code_declaration mine
            LEFT JOIN collection stored ON stored.name = mine.collection
            WHERE mine.instance = :id
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    CodeDeclarationTable(DataSource database) {
        this.jdbc = JdbcClient.create(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    /**
     * Says what code of that instance declares. Of two that do so at a time and disagree, both may be told that it is to be
     * put in force: what is then, the other one is told when it asks again.
     *
     * @return whether it is to be put in force
     */
    boolean declare(String id, String collection, String declaration) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            say(id, collection, declaration);
            return jdbc.sql(PLACES + " AND mine.collection = :collection")
                            .param("id", id)
                            .param("collection", collection)
                            .query((row, number) -> Place.valueOf(row.getString("place")))
                            .single()
                    != Place.LEFT_TO_OTHERS;
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

    void undeclare(String id, String collection) {
        jdbc.sql("DELETE FROM code_declaration WHERE instance = :id AND collection = :collection")
                .param("id", id)
                .param("collection", collection)
                .update();
    }

    /** Of each collection that code of that instance declares. */
    Map<String, Declared> declaredBy(String id) {
        Map<String, Declared> declared = new HashMap<>();
        jdbc.sql(PLACES).param("id", id).query(row -> {
            declared.put(
                    row.getString("collection"),
                    new Declared(row.getString("declaration"), Place.valueOf(row.getString("place"))));
        });
        return declared;
    }

    /** Collections that code of other live instances declares, and code of that one does not. */
    List<String> declaredByOthers(String id) {
        return jdbc.sql("""
                SELECT DISTINCT theirs.collection FROM code_declaration theirs
                JOIN instance ON instance.id = theirs.instance AND instance.ended_at IS NULL
                JOIN collection ON collection.name = theirs.collection AND collection.state <> 'RETIRED'
                WHERE NOT EXISTS (
                    SELECT 1 FROM code_declaration mine
                    WHERE mine.collection = theirs.collection AND mine.instance = :id)
                ORDER BY theirs.collection
                """).param("id", id).query(String.class).list();
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
}
