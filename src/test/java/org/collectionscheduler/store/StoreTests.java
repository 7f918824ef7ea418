package org.collectionscheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class StoreTests {

    private final MutableClock clock = new MutableClock();

    @Test
    void aFullDiskIsUnavailableUntilThereIsRoom() {
        try (Store store = TestStores.sqliteMemory(clock)) {
            long pages = store.read(
                    jdbc -> jdbc.sql("PRAGMA page_count").query(Long.class).single());
            TestStores.limitTo(store, pages + 2);

            assertThatThrownBy(() -> store.write(jdbc -> insert(jdbc, "big", "x".repeat(1_000_000))))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("full");

            assertThat(store.status().isWritable()).isFalse();
            assertThat(store.status().problem()).contains("full");
            TestStores.limitTo(store, 1_000_000);
            store.write(jdbc -> insert(jdbc, "big", "x".repeat(1_000_000)));
            assertThat(store.status().isWritable()).isTrue();
            assertThat(count(store)).isEqualTo(1);
        }
    }

    @Test
    void aReadOnlyStoreIsUnwritableSinceItsFirstFailureUntilItRecovers() {
        try (Store store = TestStores.sqliteMemory(clock)) {
            clock.advance(Duration.ofMinutes(1));
            Instant failed = clock.instant();
            TestStores.refuseWrites(store);

            assertThatThrownBy(() -> store.write(jdbc -> insert(jdbc, "a", "x")))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("readonly");
            clock.advance(Duration.ofMinutes(1));
            store.probe();
            assertThatThrownBy(store::requireWritable).isInstanceOf(StoreUnavailableException.class);

            assertThat(store.status().isWritable()).isFalse();
            assertThat(store.status().since()).isEqualTo(failed);
            assertThat(count(store)).as("reading goes on").isZero();
            TestStores.acceptWrites(store);
            store.probe();
            assertThat(store.status()).isEqualTo(StoreStatus.writable(clock.instant()));
            store.requireWritable();
        }
    }

    @Test
    void whoNeedsAWritableStoreFindsOutThatItIsBack() {
        try (Store store = TestStores.sqliteMemory(clock)) {
            TestStores.refuseWrites(store);
            store.probe();
            TestStores.acceptWrites(store);

            store.requireWritable();

            assertThat(store.status().isWritable()).isTrue();
        }
    }

    @Test
    @Timeout(40)
    void aStoreThatSomebodyElseLocksIsUnavailableInBoundedTime(@TempDir Path directory) throws Exception {
        try (Store store = TestStores.sqliteFile(directory, clock);
                Connection operator = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("scheduler.db"));
                Statement statement = operator.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            long start = System.nanoTime();

            assertThatThrownBy(() -> store.write(jdbc -> insert(jdbc, "a", "x")))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("locked");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
            assertThat(count(store)).as("reading goes on").isZero();
            CompletableFuture<Integer> patient =
                    CompletableFuture.supplyAsync(() -> store.write(jdbc -> insert(jdbc, "b", "x")));
            statement.execute("COMMIT");
            assertThat(patient.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(store.status().isWritable()).isTrue();
        }
    }

    @Test
    @Timeout(40)
    void closingDoesNotWaitLongForAWriteThatHangs(@TempDir Path directory) throws Exception {
        Store store = TestStores.sqliteFile(directory, clock);
        try (Connection operator = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("scheduler.db"));
                Statement statement = operator.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<Integer> hanging = CompletableFuture.supplyAsync(() -> {
                begun.complete(null);
                return store.write(jdbc -> insert(jdbc, "a", "x"));
            });
            begun.get(5, TimeUnit.SECONDS);
            long start = System.nanoTime();

            store.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            statement.execute("COMMIT");
            // A write that came so far before the close may still be made; what it says must be true.
            boolean written = hanging.handle((rows, failure) -> failure == null).get(10, TimeUnit.SECONDS);
            try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM payload")) {
                assertThat(rows.next() && rows.getInt(1) == 1).isEqualTo(written);
            }
        }
    }

    @Test
    void aWrongStatementIsThrownAsItIsAndOnce() {
        try (Store store = TestStores.sqliteMemory(clock)) {
            AtomicInteger calls = new AtomicInteger();

            assertThatThrownBy(() -> store.write(jdbc -> {
                        calls.incrementAndGet();
                        return jdbc.sql("UPDATE nonsense SET a = 1").update();
                    }))
                    .isNotInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("nonsense");

            assertThat(calls).hasValue(1);
            assertThat(store.status().isWritable()).isTrue();
            store.write(jdbc -> insert(jdbc, "a", "x"));
            assertThatThrownBy(() -> store.write(jdbc -> insert(jdbc, "a", "x")))
                    .as("a key that exists")
                    .isNotInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void aTransactionIsWholeOrNothing() {
        try (Store store = TestStores.sqliteMemory(clock)) {
            assertThatThrownBy(() -> store.write(jdbc -> {
                        insert(jdbc, "a", "x");
                        throw new IllegalStateException("after the first of two changes");
                    }))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(count(store)).isZero();
        }
    }

    @Test
    void aTransactionIsWholeOrNothingAlsoAfterOneThatCouldNotBegin() {
        try (Store store = TestStores.sqliteMemory(clock)) {
            TestStores.refuseWrites(store);
            store.probe();
            assertThat(store.status().isWritable()).isFalse();
            TestStores.acceptWrites(store);

            assertThatThrownBy(() -> store.write(jdbc -> {
                        insert(jdbc, "a", "x");
                        throw new IllegalStateException("after the first of two changes");
                    }))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(count(store)).isZero();
            store.write(jdbc -> insert(jdbc, "a", "x"));
            assertThat(count(store)).isEqualTo(1);
        }
    }

    @Test
    void brokenConnectionsToAServerAreReplaced() {
        try (Store store = TestStores.postgreSql(clock)) {
            store.write(jdbc -> insert(jdbc, "a", "x"));
            assertThatThrownBy(() -> store.read(jdbc -> jdbc.sql("SELECT pg_terminate_backend(pg_backend_pid())")
                            .query()
                            .listOfRows()))
                    .isInstanceOf(StoreUnavailableException.class);

            store.write(jdbc -> insert(jdbc, "b", "x"));

            assertThat(count(store)).isEqualTo(2);
        }
    }

    @Test
    void aServerThatOnlyReadsIsUnavailable() {
        try (Store store = TestStores.postgreSql(clock)) {
            assertThatThrownBy(() -> store.write(jdbc -> {
                        jdbc.sql("SET TRANSACTION READ ONLY").update();
                        return insert(jdbc, "a", "x");
                    }))
                    .isInstanceOf(StoreUnavailableException.class);

            assertThat(store.status().isWritable()).isFalse();
            store.probe();
            assertThat(store.status().isWritable()).isTrue();
        }
    }

    @Test
    void aDeploymentIsMadeOnce() {
        try (Store store = TestStores.sqliteMemory(clock)) {
            Deployment stored = store.read(DeploymentRepository::find).orElseThrow();

            Deployment again = store.write(
                    jdbc -> DeploymentRepository.findOrCreate(jdbc, Deployment.random(Deployment.Origin.STORED), 1));

            assertThat(again).isEqualTo(stored);
            assertThat(stored.seed()).isNotEqualTo(stored.salt());
            assertThat(stored.toString()).doesNotContain(stored.salt());
        }
    }

    private static int insert(JdbcClient jdbc, String id, String content) {
        return jdbc.sql("""
                INSERT INTO payload (id, collection, run_id, created_at, bytes, content)
                VALUES (:id, 'c', 'r', 1, 1, :content)
                """).param("id", id).param("content", content).update();
    }

    private static long count(Store store) {
        return store.read(jdbc ->
                jdbc.sql("SELECT COUNT(*) FROM payload").query(Long.class).single());
    }
}
