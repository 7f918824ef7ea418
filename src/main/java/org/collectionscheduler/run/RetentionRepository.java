package org.collectionscheduler.run;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows that need not be kept, and their end. What was superfluous once stays so: a row of which the store holds a
 * newer one never becomes the newest again. So rows may be found in one transaction and deleted in another.
 */
final class RetentionRepository {

    /**
     * What is deleted.
     *
     * @param kept column of {@code collection} that names the row that stays whatever else holds
     * @param condition on which a row may be deleted at all
     * @param size of a row in bytes, as far as it matters
     * @param kinds conditions; the rows that fulfil each of them are counted on their own
     */
    private record Table(String name, String kept, String condition, String size, List<String> kinds) {

        /** Of each kind, all but the newest rows of a collection. */
        String superfluous() {
            return kinds.stream().map(kind -> """
                            id NOT IN (SELECT id FROM %s WHERE collection = :collection AND %s
                                       ORDER BY created_at DESC, id DESC LIMIT :most)
                            """.formatted(name, kind)).collect(Collectors.joining(" AND "));
        }
    }

    /** A night of slots that were skipped must not take the place of the runs before it. */
    private static final Table RUN = new Table(
            "run",
            "last_run_id",
            "run.state = 'FINISHED'",
            "0",
            List.of("(outcome IS NULL OR outcome <> 'SKIPPED')", "outcome = 'SKIPPED'"));

    private static final Table PAYLOAD =
            new Table("payload", "last_success_payload", "TRUE", "payload.bytes", List.of("TRUE"));

    private static final RowMapper<Row> ROWS =
            (row, number) -> new Row(row.getString("id"), row.getLong("created_at"), row.getLong("size"));

    private RetentionRepository() {}

    /** A superfluous row, when it was made, and how large it is. */
    record Row(String id, long createdAt, long bytes) {}

    /** The tables whose rows are counted for each collection. */
    enum Counted {
        RUNS(RUN),
        PAYLOADS(PAYLOAD);

        private final Table table;

        Counted(Table table) {
            this.table = table;
        }
    }

    /**
     * Rows of any collection that are older than {@code oldest}, the oldest first. The run that finished last stays, and
     * so do one that has not and the newest successful payload.
     *
     * @param fromMillis none that is older is found
     */
    static List<Row> findAged(JdbcClient jdbc, Counted counted, long fromMillis, Instant oldest, int limit) {
        Table table = counted.table;
        return jdbc.sql("""
                SELECT id, created_at, %4$s AS size FROM %1$s
                WHERE created_at >= :from AND created_at < :oldest AND %3$s
                  AND NOT EXISTS (SELECT 1 FROM collection
                                  WHERE collection.name = %1$s.collection AND collection.%2$s = %1$s.id)
                ORDER BY created_at LIMIT :limit
                """.formatted(table.name(), table.kept(), table.condition(), table.size()))
                .param("from", fromMillis)
                .param("oldest", oldest.toEpochMilli())
                .param("limit", limit)
                .query(ROWS)
                .list();
    }

    /** Names of collections that ever were, later than {@code after} in the order of the database. */
    static List<String> findNames(JdbcClient jdbc, String after, int limit) {
        return jdbc.sql("SELECT name FROM collection WHERE name > :after ORDER BY name LIMIT :limit")
                .param("after", after)
                .param("limit", limit)
                .query(String.class)
                .list();
    }

    /** Those collections from {@code first} to {@code last} that have more than {@code most} rows of all kinds. */
    static List<String> findOverfull(JdbcClient jdbc, Counted counted, String first, String last, int most) {
        return jdbc.sql("""
                SELECT collection FROM %s WHERE collection >= :first AND collection <= :last
                GROUP BY collection HAVING COUNT(*) > :most
                """.formatted(counted.table.name()))
                .param("first", first)
                .param("last", last)
                .param("most", most)
                .query(String.class)
                .list();
    }

    /** Rows of the collection beyond its newest {@code most} of each kind; those that {@link #findAged} leaves stay here, too. */
    static List<Row> findSurplus(JdbcClient jdbc, Counted counted, String collection, int most, int limit) {
        Table table = counted.table;
        return jdbc.sql("""
                SELECT id, created_at, %4$s AS size FROM %1$s
                WHERE collection = :collection AND %3$s
                  AND id NOT IN (SELECT %2$s FROM collection WHERE name = :collection AND %2$s IS NOT NULL)
                  AND %5$s
                LIMIT :limit
                """.formatted(table.name(), table.kept(), table.condition(), table.size(), table.superfluous()))
                .param("collection", collection)
                .param("most", most)
                .param("limit", limit)
                .query(ROWS)
                .list();
    }

    /** Changes by hand that are older than {@code oldest}. */
    static int deleteAudit(JdbcClient jdbc, Instant oldest, int limit) {
        return jdbc.sql("""
                DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < :oldest ORDER BY at LIMIT :limit)
                """)
                .param("oldest", oldest.toEpochMilli())
                .param("limit", limit)
                .update();
    }

    /** Runs go with their attempts. */
    static int delete(JdbcClient jdbc, Counted counted, List<String> ids) {
        if (counted == Counted.RUNS) {
            jdbc.sql("DELETE FROM attempt WHERE run_id IN (:ids)")
                    .param("ids", ids)
                    .update();
        }
        return jdbc.sql("DELETE FROM " + counted.table.name() + " WHERE id IN (:ids)")
                .param("ids", ids)
                .update();
    }
}
