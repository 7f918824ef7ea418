package org.collectionscheduler.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What stores hold, as text that can be compared. */
final class Rows {

    static final Set<String> LIVE = Set.of("instance", "code_declaration", "stuck_attempt", "dispatch_task");

    private static final Map<String, String> KEYS = Map.of(
            "deployment", "id",
            "collection", "name",
            "run", "id",
            "attempt", "run_id",
            "payload", "id",
            "audit", "id");

    private Rows() {}

    /** Some of each table, with what is easily mistaken on the way. */
    static void fill(Store store, int payloads) {
        store.write(jdbc -> {
            for (String name : List.of("a", "B", "ä", "a-b", "a_b", "日本", "😀", "")) {
                insert(jdbc, name);
            }
            return 1;
        });
        addPayloads(store, "p", payloads, 2000);
    }

    static void addPayloads(Store store, String prefix, int count, int bytes) {
        store.write(jdbc -> {
            for (int i = 0; i < count; i++) {
                jdbc.sql("""
                                INSERT INTO payload (id, collection, run_id, created_at, bytes, content)
                                VALUES (:id, 'a', :id, :at, :bytes, :content)
                                """)
                        .param("id", prefix + i)
                        .param("at", Long.MAX_VALUE - i)
                        .param("bytes", bytes)
                        .param("content", "\"é" + "x".repeat(bytes))
                        .update();
            }
            return 1;
        });
    }

    private static void insert(JdbcClient jdbc, String name) {
        jdbc.sql("""
                        INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until, runs, total_duration_ms)
                        VALUES (:name, 'c', 'ACTIVE', '{"every":"PT1H"}', -1, 9007199254740993, 7, 9223372036854775807)
                        """).param("name", name).update();
        jdbc.sql("""
                        INSERT INTO run (id, collection, kind, scheduled_at, state, attempt, created_at, error, instance)
                        VALUES (:id, :name, 'SCHEDULE', 5, 'FINISHED', 2, 6, '', 'host:1')
                        """).param("id", "r" + name).param("name", name).update();
        for (int number : List.of(1, 2, 10)) {
            jdbc.sql("""
                            INSERT INTO attempt (run_id, number, instance, started_at, error)
                            VALUES (:id, :number, 'host:1', 6, :error)
                            """)
                    .param("id", "r" + name)
                    .param("number", number)
                    .param("error", "it's\n\"broken\"\\ \t" + name)
                    .update();
        }
        jdbc.sql("""
                        INSERT INTO audit (id, at, action, collection, origin) VALUES (:id, 1, 'PAUSE', :name, 'test')
                        """).param("id", "u" + name).param("name", name).update();
        jdbc.sql("INSERT INTO instance (id, host, version, started_at, heartbeat_at) VALUES (:id, 'h', '1', 1, 1)")
                .param("id", "i" + name)
                .update();
    }

    /** All that is moved, by table. */
    static Map<String, List<String>> of(Store store) {
        Map<String, List<String>> all = new TreeMap<>();
        KEYS.forEach((table, key) -> all.put(table, store.read(jdbc -> {
            List<String> rows = new ArrayList<>();
            jdbc.sql("SELECT * FROM " + table).query().listOfRows().forEach(row -> rows.add(text(row)));
            rows.sort(null);
            return rows;
        })));
        return all;
    }

    static Map<String, List<String>> in(Path directory) {
        try (Store store = EmbeddedDatabase.open(directory, new MutableClock())) {
            return of(TestStores.migrated(store));
        }
    }

    private static String text(Map<String, Object> row) {
        Map<String, String> values = new TreeMap<>();
        row.forEach((column, value) -> values.put(
                column,
                value instanceof byte[] bytes ? "bytes " + new String(bytes, StandardCharsets.UTF_8) : "" + value));
        return values.toString();
    }
}
