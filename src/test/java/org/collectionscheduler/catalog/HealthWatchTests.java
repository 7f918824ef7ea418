package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that another program keeps from writing: somebody has opened its file and does not let go. */
@Timeout(60)
class HealthWatchTests {

    private static final Duration SLOW = Duration.ofMillis(300);

    @TempDir
    Path directory;

    private final ExecutorService timer = Executors.newSingleThreadExecutor();
    private TestCatalog catalog;
    private HealthWatch watch;
    private Connection other;

    @BeforeEach
    void open() throws SQLException {
        catalog = new TestCatalog(clock -> TestStores.sqliteFile(directory, clock));
        HealthProperties thresholds = HealthPropertiesTests.bound(Map.of("slow-store", SLOW.toMillis() + "ms"));
        watch = new HealthWatch(catalog.runs.pipeline, catalog.store, thresholds, catalog.clock, System::nanoTime);
        other = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("scheduler.db"));
        awaitFastWrite();
    }

    @AfterEach
    void close() throws SQLException {
        other.close();
        timer.shutdownNow();
        catalog.store.close();
    }

    @Test
    void aWriteThatTakesLongShowsWhileItDoesAndUntilOneIsFastAgain() throws Exception {
        execute("BEGIN IMMEDIATE");
        Future<?> write = timer.submit(watch::lookAtStore);

        await().until(() -> watch.slowStore().isPresent());
        assertThat(write).as("the write is still being tried").isNotDone();
        Trouble trouble = watch.slowStore().orElseThrow();
        assertThat(trouble.rule()).isEqualTo("slow-store");
        assertThat(trouble.problem()).matches("a write takes \\d{3,5} ms");
        assertThat(trouble.since())
                .isBetween(
                        catalog.clock.instant().minusSeconds(30),
                        catalog.clock.instant().minus(SLOW));

        execute("ROLLBACK");
        write.get(20, TimeUnit.SECONDS);
        assertThat(catalog.store.status().isWritable()).as("it was only slow").isTrue();
        assertThat(watch.slowStore()).as("the last write").isPresent();

        awaitFastWrite();
    }

    @Test
    void aWriteThatIsGivenUpWasSlowToo() throws Exception {
        execute("BEGIN IMMEDIATE");

        timer.submit(watch::lookAtStore).get(30, TimeUnit.SECONDS);
        assertThat(catalog.store.status().isWritable()).isFalse();
        assertThat(watch.slowStore()).isPresent();

        execute("ROLLBACK");
        awaitFastWrite();
        assertThat(catalog.store.status().isWritable()).isTrue();
    }

    /** The disk of a busy machine may take its time, too. */
    private void awaitFastWrite() {
        await().until(() -> {
            watch.lookAtStore();
            return watch.slowStore().isEmpty();
        });
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = other.createStatement()) {
            statement.execute(sql);
        }
    }
}
