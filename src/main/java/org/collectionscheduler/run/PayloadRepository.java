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
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of payloads. Each method is a part of the caller's transaction. */
final class PayloadRepository {

    private static final RowMapper<Payload> READER = Columns.rows("payload", "id", PayloadRepository::read);

    private PayloadRepository() {}

    static void insert(NamedParameterJdbcOperations batches, List<Payload> payloads) {
        Columns.change(batches, """
                INSERT INTO payload (id, collection, run_id, created_at, bytes, content)
                VALUES (:id, :collection, :run, :createdAt, :bytes, :content)
                """, payloads, PayloadRepository::inserted);
    }

    private static SqlParameterSource inserted(Payload payload) {
        return new MapSqlParameterSource()
                .addValue("id", payload.id())
                .addValue("collection", payload.collection())
                .addValue("run", payload.runId())
                .addValue("createdAt", payload.createdAt().toEpochMilli())
                .addValue("bytes", payload.bytes())
                .addValue("content", payload.content());
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
