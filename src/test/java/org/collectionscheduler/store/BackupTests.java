package org.collectionscheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.collectionscheduler.settings.StartRefusedException;
import org.collectionscheduler.store.StoreRestore.Restored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BackupTests {

    private static final Clock CLOCK = new MutableClock();

    @TempDir
    Path parent;

    @Test
    void aBackupBesideAWriterHasWhatWasAcknowledgedAndRestores() throws Exception {
        Path data = parent.resolve("data");
        Path file = parent.resolve("backup.db");
        Process writer = StoreChild.start("commit-together", data);
        Set<String> acknowledged = new HashSet<>();
        StoreBackup.Copy copy;
        try (BufferedReader output = StoreChild.output(writer)) {
            while (acknowledged.size() < 200) {
                acknowledged.add(output.readLine());
            }
            copy = backup(data, file);
            assertThat(output.readLine()).as("the writer is not disturbed").hasSize(36);
            writer.toHandle().destroyForcibly();
        }
        assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        acknowledged.remove(StoreChild.OPEN);

        assertThat(copy.bytes()).isEqualTo(Files.size(file));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(names(parent)).containsExactlyInAnyOrder("data", "backup.db");
        Path other = parent.resolve("other");
        Restored restored = restore(other, file);

        assertThat(restored.kept()).isEmpty();
        assertThat(restored.rows()).isEqualTo(copy.rows()).containsEntry("deployment", 1L);
        List<String> ids = payloads(other);
        assertThat(ids)
                .containsAll(acknowledged)
                .hasSize(copy.rows().getOrDefault("payload", 0L).intValue());
    }

    @Test
    void aBackupOfAStoreAtRestIsEqualAndLeavesItAsItIs() throws IOException {
        Path data = filled("data", 3);
        Map<String, List<String>> before = Rows.in(data);
        List<String> files = names(data);

        backup(data, parent.resolve("backup.db"));

        assertThat(names(data)).isEqualTo(files);
        restore(parent.resolve("other"), parent.resolve("backup.db"));
        assertThat(Rows.in(parent.resolve("other"))).isEqualTo(before);
    }

    @Test
    void aBackupReplacesNothingAndNeedsAStore() throws IOException {
        Path data = filled("data", 1);
        Path taken = Files.writeString(parent.resolve("taken"), "mine");

        assertRefused(() -> backup(data, taken), "--to", "exists already");
        assertThat(taken).hasContent("mine");
        assertRefused(() -> backup(data, parent.resolve("none/file.db")), "--to", "in no directory");
        assertRefused(
                () -> backup(parent.resolve("none"), parent.resolve("file.db")),
                "scheduler.store.directory",
                "holds no store");
        assertThat(names(parent)).containsExactlyInAnyOrder("data", "taken");
    }

    @Test
    void aBackupOfADamagedStoreIsRefused() throws IOException {
        Path data = filled("data", 500);
        damage(data.resolve(EmbeddedDatabase.FILE));

        assertThatThrownBy(() -> backup(data, parent.resolve("backup.db"))).isInstanceOf(StartRefusedException.class);

        assertThat(names(parent)).containsExactly("data");
    }

    @Test
    void whatWasThereIsKeptUnderAnotherName() throws IOException {
        Path data = filled("data", 3);
        Path file = parent.resolve("backup.db");
        backup(data, file);
        Map<String, List<String>> backedUp = Rows.in(data);
        try (Store store = TestStores.sqliteFile(data, CLOCK)) {
            Rows.addPayloads(store, "later", 2, 10);
        }
        Map<String, List<String>> old = Rows.in(data);

        Restored restored = restore(data, file);

        assertThat(Rows.in(data)).isEqualTo(backedUp);
        Path kept = restored.kept().orElseThrow();
        assertThat(kept.getFileName()).hasToString("scheduler.db.until-20260301T120000.000Z");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        restore(data, kept);
        assertThat(Rows.in(data)).isEqualTo(old);
    }

    /** After a kill the newest commits are in the database's log alone. */
    @Test
    void whatAKilledServiceHasLeftIsKeptWithItsLog() throws Exception {
        Path data = parent.resolve("data");
        Path file = parent.resolve("backup.db");
        backup(filled("other", 1), file);
        Process writer = StoreChild.start("commit", data);
        Set<String> acknowledged = new HashSet<>();
        try (BufferedReader output = StoreChild.output(writer)) {
            while (acknowledged.size() < 20) {
                acknowledged.add(output.readLine());
            }
            writer.toHandle().destroyForcibly();
        }
        assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        acknowledged.remove(StoreChild.OPEN);
        assertThat(data.resolve("scheduler.db-wal")).isNotEmptyFile();

        Path kept = restore(data, file).kept().orElseThrow();

        assertThat(payloads(data)).containsExactly("p0");
        restore(data, kept);
        assertThat(payloads(data)).containsAll(acknowledged);
    }

    @Test
    void aDamagedStoreIsReplacedAndKeptWithItsLog() throws IOException {
        Path data = filled("data", 500);
        Path file = parent.resolve("backup.db");
        backup(data, file);
        byte[] letter = "This is a letter to my aunt. ".repeat(100).getBytes(StandardCharsets.UTF_8);
        Files.write(data.resolve(EmbeddedDatabase.FILE), letter);
        Files.write(data.resolve("scheduler.db-wal"), new byte[] {1, 2, 3});

        Path kept = restore(data, file).kept().orElseThrow();

        assertThat(kept).hasBinaryContent(letter);
        assertThat(kept.resolveSibling(kept.getFileName() + "-wal")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(payloads(data)).hasSize(500);
    }

    @Test
    void aRestoreIsRefusedWhileTheDirectoryOrItsDatabaseIsInUse() throws Exception {
        Path data = filled("data", 1);
        Path file = parent.resolve("backup.db");
        backup(data, file);
        try (Store ignored = TestStores.sqliteFile(data, CLOCK)) {
            assertRefused(() -> restore(data, file), "scheduler.store.directory", "in use by another process");
        }
        try (Connection reader = TestStores.durable(data).getConnection();
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.executeQuery("SELECT COUNT(*) FROM run").close();
            assertRefused(() -> restore(data, file), "scheduler.store.directory", "cannot be put aside");
        }
        assertThat(names(data)).contains("scheduler.db").noneMatch(name -> name.contains("until"));
        assertThat(payloads(data)).containsExactly("p0");
    }

    @Test
    void onlyAStoreOfThisOrAnOlderBuildIsRestored() throws Exception {
        Path data = filled("data", 1);
        Map<String, List<String>> before = Rows.in(data);
        Path text = Files.writeString(parent.resolve("text"), "a letter to my aunt ".repeat(100));
        Path foreign = parent.resolve("foreign.db");
        execute(foreign, "CREATE TABLE invoices (id INTEGER)");
        Path newer = parent.resolve("newer.db");
        backup(data, newer);
        execute(newer, """
                INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,
                                                   installed_by, execution_time, success)
                VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'a newer build', 1, 1)
                """);
        Path cut = parent.resolve("cut.db");
        backup(data, cut);
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 30_000));
        Path part = Files.copy(cut, parent.resolve("part.db"));
        Files.write(parent.resolve("part.db-wal"), new byte[] {1});
        Path unfinished = parent.resolve("unfinished.db");
        backup(data, unfinished);
        execute(unfinished, "CREATE TABLE unfinished_move (seed TEXT, source TEXT)");

        assertRefused(() -> restore(data, parent.resolve("none")), "--from", "is no file that can be read");
        assertRefused(() -> restore(data, text), "--from", "is no store that can be read");
        assertRefused(() -> restore(data, foreign), "--from", "is no store of this service");
        assertRefused(() -> restore(data, newer), "--from", "schema version 99, written by a newer build");
        assertRefused(() -> restore(data, cut), "--from", "");
        assertRefused(() -> restore(data, part), "--from", "some of it is in part.db-wal");
        assertRefused(() -> restore(data, unfinished), "--from", "still being moved");

        assertThat(names(data)).noneMatch(name -> name.contains("until") || name.contains("restoring"));
        assertThat(Rows.in(data)).isEqualTo(before);
    }

    @Test
    void anOlderStoreIsRestoredAndBroughtUpToDateByItsService() throws IOException {
        Path old = Files.createDirectories(parent.resolve("old"));
        TestStores.writeOldSqliteFile(old, "1", """
                INSERT INTO deployment (id, seed, salt, created_at, probed_at)
                VALUES (1, '0123456789abcdef', 'fedcba9876543210', 1, 1);
                """);

        restore(parent.resolve("data"), old.resolve(EmbeddedDatabase.FILE));

        assertThat(Rows.in(parent.resolve("data")).toString()).contains("0123456789abcdef");
    }

    /** A restore is killed once so much of it can be seen in the directory. */
    @ParameterizedTest
    @ValueSource(strings = {".restoring", ".until-"})
    void aRestoreThatIsKilledLeavesTheOldOrTheNew(String seen) throws Exception {
        Path data = parent.resolve("data");
        try (Store store = TestStores.sqliteFile(data, CLOCK)) {
            Rows.addPayloads(store, "old", 30, 500_000);
        }
        Path file = parent.resolve("backup.db");
        backup(data, file);
        execute(file, "UPDATE payload SET id = 'new' || substr(id, 4)");

        Process child = CopyChild.start("restore", data.toString(), file.toString());
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !child.isAlive() || names(data).stream().anyMatch(name -> name.contains(seen)));
        child.destroyForcibly();
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();

        List<String> left = payloads(data);
        assertThat(left).hasSize(30);
        assertThat(left.stream().map(id -> id.substring(0, 3)).distinct()).hasSize(1);
        restore(data, file);
        assertThat(payloads(data)).allMatch(id -> id.startsWith("new"));
        assertThat(names(data)).noneMatch(name -> name.contains("restoring"));
    }

    private Path filled(String name, int payloads) {
        Path data = parent.resolve(name);
        try (Store store = TestStores.sqliteFile(data, CLOCK)) {
            Rows.addPayloads(store, "p", payloads, 500);
        }
        return data;
    }

    private static StoreBackup.Copy backup(Path data, Path file) throws IOException {
        return new StoreBackup(data).backup(file);
    }

    private static Restored restore(Path data, Path file) throws IOException {
        return new StoreRestore(data, CLOCK).restore(file);
    }

    private static List<String> payloads(Path data) {
        try (Store store = TestStores.sqliteFile(data, CLOCK)) {
            return store.read(jdbc ->
                    jdbc.sql("SELECT id FROM payload").query(String.class).list());
        }
    }

    private static void execute(Path file, String sql) throws Exception {
        try (Connection connection =
                        EmbeddedDatabase.file(file, Duration.ofSeconds(1)).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 4096 * 30, 4096 * 60, (byte) 0xA5);
        Files.write(file, bytes);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void assertRefused(Work work, String key, String wrong) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .satisfies(problem -> {
                                    assertThat(problem.key()).isEqualTo(key);
                                    assertThat(problem.wrong()).contains(wrong);
                                }));
    }
}
