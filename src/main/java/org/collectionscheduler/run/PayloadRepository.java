package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.instant;
import static org.collectionscheduler.run.Columns.number;
import static org.collectionscheduler.run.Columns.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of payloads. Each method is a part of the caller's transaction. */
final class PayloadRepository {

    private static final RowMapper<Payload> READER = Columns.rows("payload", "id", PayloadRepository::read);

    /** Many such rows fit into one statement. */
    private static final long SMALL_BYTES = 64 * 1024;

    private static final String INSERT = """
            INSERT INTO payload (id, collection, run_id, created_at, bytes, content) VALUES :rows
            ON CONFLICT (id) DO NOTHING
            RETURNING id
            """;

    private PayloadRepository() {}

    /** Those that are small by one statement, each other one by its own. */
    static void insert(NamedParameterJdbcOperations batches, List<Payload> payloads) {
        List<Payload> small =
                payloads.stream().filter(PayloadRepository::isSmall).toList();
        Columns.insert(batches, INSERT, small, PayloadRepository::inserted);
        payloads.stream()
                .filter(payload -> !isSmall(payload))
                .forEach(large -> Columns.insert(batches, INSERT, List.of(large), PayloadRepository::inserted));
    }

    private static boolean isSmall(Payload payload) {
        return payload.bytes() <= SMALL_BYTES;
    }

    private static Object[] inserted(Payload payload) {
        return new Object[] {
            payload.id(),
            payload.collection(),
            payload.runId(),
            payload.createdAt().toEpochMilli(),
            payload.bytes(),
            payload.content()
        };
    }

    /** @throws UnreadableRowException when its row cannot be read */
    static Optional<Payload> find(JdbcClient jdbc, String id) {
        return jdbc.sql("SELECT * FROM payload WHERE id = :id")
                .param("id", id)
                .query(READER)
                .optional();
    }

    /** Ids, newest first; of every collection when {@code collection} is null. */
    static List<String> findNewestIds(JdbcClient jdbc, @Nullable String collection, int limit) {
        if (collection == null) {
            return jdbc.sql("SELECT id FROM payload ORDER BY created_at DESC, id DESC LIMIT :limit")
                    .param("limit", limit)
                    .query(String.class)
                    .list();
        }
        return jdbc.sql("""
                SELECT id FROM payload WHERE collection = :collection
                ORDER BY created_at DESC, id DESC LIMIT :limit
                """)
                .param("collection", collection)
                .param("limit", limit)
                .query(String.class)
                .list();
    }

    private static Payload read(ResultSet row, int number) throws SQLException {
        return new Payload(
                text(row, "id"),
                text(row, "collection"),
                text(row, "run_id"),
                instant(row, "created_at"),
                number(row, "bytes"),
                text(row, "content"));
    }
}
