package org.collectionscheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.collectionscheduler.store.StoreMove.Moved;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MoveTests {

    private static final Clock CLOCK = new MutableClock();
    private static final Consumer<String> QUIET = line -> {};

    @TempDir
    Path parent;

    private Path source;
    private DatabaseServer server;

    @BeforeEach
    void places() {
        source = parent.resolve("source");
        server = TestStores.emptyServer();
    }

    @Test
    void everythingIsMovedThereAndBack() throws IOException {
        fill(10);
        Map<String, List<String>> before = Rows.in(source);

        List<Moved> there = toServer(QUIET);

        assertThat(there).allMatch(Moved::isEqual);
        assertThat(there.stream()
                        .collect(Collectors.toMap(
                                Moved::table, moved -> moved.destination().rows())))
                .isEqualTo(Map.of(
                        "attempt", 24L, "audit", 8L, "collection", 8L, "deployment", 1L, "payload", 10L, "run", 8L));
        try (Store store = server.open(CLOCK)) {
            assertThat(Rows.of(store)).isEqualTo(before);
            long instances = store.read(jdbc ->
                    jdbc.sql("SELECT COUNT(*) FROM instance").query(Long.class).single());
            assertThat(instances).isZero();
        }

        Path back = parent.resolve("back");
        assertThat(CopyChild.move(serverPlace()).move(embedded(back), QUIET)).isEqualTo(swapped(there));
        assertThat(Rows.in(back)).isEqualTo(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(back.resolve(EmbeddedDatabase.FILE))))
                .isEqualTo("rw-------");
        assertThat(Rows.in(source)).isEqualTo(before);
    }

    @Test
    void whatHasBeenMovedIsFoundAndOnlyRefusedOnceItHasBeenUsed() throws IOException {
        fill(3);
        List<Moved> first = toServer(QUIET);

        assertThat(toServer(QUIET)).isEqualTo(first);

        try (Store store = server.open(CLOCK)) {
            store.probe();
        }
        assertRefused(() -> toServer(QUIET), "--to", "a service has used one of both");
        assertRefused(
                () -> CopyChild.move(serverPlace()).move(embedded(source), QUIET),
                "--to",
                "a service has used one of both");
    }

    @Test
    void anOlderSourceIsMovedInThisBuildsShape() throws IOException {
        Files.createDirectories(source);
        TestStores.writeOldSqliteFile(source, "1", """
                INSERT INTO deployment (id, seed, salt, created_at, probed_at)
                VALUES (1, '0123456789abcdef', 'fedcba9876543210', 1, 1);
                INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until)
                VALUES ('old', 'c', 'PAUSED', '{}', 1, 2);
                """);

        assertThat(toServer(QUIET)).allMatch(Moved::isEqual);

        try (Store store = server.open(CLOCK)) {
            assertThat(store.read(DeploymentRepository::find).orElseThrow().seed())
                    .isEqualTo("0123456789abcdef");
            assertThat(Rows.of(store).toString()).contains("paused_at=2", "state=ACTIVE");
        }
    }

    /** The heap of the child has no room for all payloads. */
    @Test
    void rowsAreNotHeldInMemory() throws Exception {
        try (Store store = TestStores.sqliteFile(source, CLOCK)) {
            Rows.addPayloads(store, "large", 14, 4 << 20);
        }

        Process child = CopyChild.start("move", source.toString(), server.url());

        try (BufferedReader output = CopyChild.output(child)) {
            assertThat(output.lines()).last().isEqualTo(CopyChild.DONE);
        }
    }

    /** After so many of its eight writes, and however many it makes before it is dead. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7})
    void goesOnAfterAKill(int writes) throws Exception {
        fill(1200);
        Map<String, List<String>> before = Rows.in(source);
        Process child = CopyChild.start("move", source.toString(), server.url());
        try (BufferedReader output = CopyChild.output(child)) {
            for (int i = 0; i < writes; ) {
                String line = output.readLine();
                assertThat(line).isNotNull();
                i += line.contains(": carried") ? 1 : 0;
            }
            child.toHandle().destroyForcibly();
        }
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();

        assertThat(servedAfterKill()).as("a store is all there, or none").isIn(Map.of(), before);
        // The server learns a little later that its client has gone.
        List<Moved> moved = await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .ignoreException(StartRefusedException.class)
                .until(() -> toServer(QUIET), result -> true);
        assertThat(moved).allMatch(Moved::isEqual);
        try (Store store = server.open(CLOCK)) {
            assertThat(Rows.of(store)).isEqualTo(before);
        }
    }

    /** What a service would find; nothing when it refuses to start. */
    private Map<String, List<String>> servedAfterKill() {
        try (Store store = server.open(CLOCK)) {
            return Rows.of(store);
        } catch (StartRefusedException e) {
            assertThat(e).hasMessageContaining("still being moved");
            return Map.of();
        }
    }

    @Test
    void goesOnBehindTheLastRow() throws IOException {
        fill(1200);
        abort("payload: carried 500 rows");
        assertRefused(() -> server.open(CLOCK).close(), "spring.datasource.url", "still being moved");

        StringBuilder progress = new StringBuilder();
        assertThat(toServer(line -> progress.append(line).append('\n'))).allMatch(Moved::isEqual);

        assertThat(progress)
                .contains("payload: carried what was missing, 700 rows")
                .doesNotContain("collection: carried");
    }

    @Test
    void beginsAnewWhenTheSourceHasBeenUsedMeanwhile() throws IOException {
        fill(1200);
        abort("payload: carried 1000 rows");
        try (Store store = TestStores.sqliteFile(source, CLOCK)) {
            store.write(
                    jdbc -> jdbc.sql("UPDATE collection SET runs = runs + 1").update());
            store.write(jdbc -> jdbc.sql("DELETE FROM payload WHERE id = 'p0'").update());
            Rows.addPayloads(store, "0", 1, 1);
        }

        assertThat(toServer(QUIET)).allMatch(Moved::isEqual);
    }

    @Test
    void aHalfMovedDirectoryIsNoStore() throws IOException {
        fill(3);
        toServer(QUIET);
        Path back = parent.resolve("back");
        assertThatThrownBy(() -> CopyChild.move(serverPlace()).move(embedded(back), failingAt("run: carried 8 rows")))
                .hasMessage("aborted");

        assertRefused(() -> Rows.in(back), "a.test", "still being moved");
        assertRefused(
                () -> CopyChild.move(back).move(embedded(parent.resolve("further")), QUIET),
                "scheduler.store.directory",
                "still being moved");

        assertThat(CopyChild.move(serverPlace()).move(embedded(back), QUIET)).allMatch(Moved::isEqual);
        assertThat(Rows.in(back)).isEqualTo(Rows.in(source));
    }

    @Test
    void aSourceThatChangesMeanwhileIsToldAndLeavesNoStore() throws IOException {
        fill(3);
        toServer(QUIET);
        Path back = parent.resolve("back");

        List<Moved> moved = CopyChild.move(serverPlace()).move(embedded(back), line -> {
            if (line.equals("payload: carried 3 rows")) {
                changeOnServer("UPDATE payload SET content = 'changed' WHERE id = 'p1'");
            }
        });

        assertThat(moved.stream().filter(table -> !table.isEqual()).map(Moved::table))
                .containsExactly("payload");
        assertRefused(() -> Rows.in(back), "a.test", "still being moved");
        assertThat(CopyChild.move(serverPlace()).move(embedded(back), QUIET)).allMatch(Moved::isEqual);
    }

    @Test
    void aDestinationThatSomebodyElseWroteIntoIsMadeAnew() throws IOException {
        fill(1200);
        abort("payload: carried 500 rows");
        changeOnServer("UPDATE collection SET runs = 100");

        assertThat(toServer(QUIET).stream().filter(table -> !table.isEqual()).map(Moved::table))
                .containsExactly("collection");
        assertThat(toServer(QUIET)).allMatch(Moved::isEqual);
    }

    @Test
    void refusesWhatIsInUse() throws IOException {
        fill(1);
        try (Store ignored = TestStores.sqliteFile(source, CLOCK)) {
            assertRefused(() -> toServer(QUIET), "scheduler.store.directory", "in use by another process");
        }
        for (AdvisoryLock.Mode mode : AdvisoryLock.Mode.values()) {
            try (AdvisoryLock lock = new AdvisoryLock(server, mode)) {
                assertThat(lock.keep()).isEmpty();
                assertRefused(() -> toServer(QUIET), "--to", "another instance uses the database");
            }
        }
        toServer(QUIET);
        Path back = parent.resolve("back");
        try (Store ignored = TestStores.sqliteFile(back, CLOCK)) {
            assertRefused(
                    () -> CopyChild.move(serverPlace()).move(embedded(back), QUIET),
                    "--to",
                    "in use by another process");
        }
        try (AdvisoryLock lock = new AdvisoryLock(server, AdvisoryLock.Mode.SHARED)) {
            assertThat(lock.keep()).isEmpty();
            assertRefused(
                    () -> CopyChild.move(serverPlace()).move(embedded(parent.resolve("other")), QUIET),
                    "spring.datasource.url",
                    "another instance uses the database");
        }
    }

    @Test
    void holdsBothSidesWhileItWorks() throws IOException {
        fill(1);
        toServer(line -> {
            if (line.equals("payload: carried 1 rows")) {
                assertRefused(() -> Rows.in(source), "scheduler.store.directory", "in use by another process");
                try (AdvisoryLock lock = new AdvisoryLock(server, AdvisoryLock.Mode.SHARED)) {
                    assertThat(lock.keep()).isPresent();
                }
            }
        });
    }

    @Test
    void refusesADestinationOfAnotherDeployment() throws IOException {
        fill(1);
        TestStores.shared(server, CLOCK).close();
        assertRefused(() -> toServer(QUIET), "--to", "another deployment");

        Path other = parent.resolve("other");
        TestStores.sqliteFile(other, CLOCK).close();
        Map<String, List<String>> before = Rows.in(other);
        assertRefused(() -> CopyChild.move(source).move(embedded(other), QUIET), "--to", "another deployment");
        assertThat(Rows.in(other)).isEqualTo(before);

        server = TestStores.emptyServer();
        abort("payload: carried 1 rows");
        assertRefused(
                () -> CopyChild.move(other).move(target(), QUIET), "--to", "unfinished move of another deployment");
    }

    @Test
    void namesARowThatCannotBeCarried() throws IOException {
        fill(1);
        Path file = source.resolve(EmbeddedDatabase.FILE);
        Path other = parent.resolve("other");
        byte[] whole = Files.readAllBytes(file);
        for (Map.Entry<String, String> damage : damages().entrySet()) {
            Files.write(file, whole);
            try (Store store = TestStores.sqliteFile(source, CLOCK)) {
                store.write(jdbc -> jdbc.sql(damage.getKey()).update());
            }

            assertThatThrownBy(() -> CopyChild.move(source).move(embedded(other), QUIET))
                    .hasMessageContaining(damage.getValue())
                    .hasMessageContaining("Correct or delete that row")
                    .hasMessageContaining("typeof(");
        }
        assertThat(Rows.in(other).get("collection")).isEmpty();
    }

    private static Map<String, String> damages() {
        return Map.of(
                "UPDATE run SET created_at = 'soon' WHERE id = 'rB'",
                "table 'run', row id = 'rB', column 'created_at': holds text where a whole number belongs",
                "UPDATE run SET created_at = 1.5 WHERE id = 'rB'",
                "table 'run', row id = 'rB', column 'created_at': holds a broken number",
                "UPDATE payload SET content = x'00ff'",
                "table 'payload', row id = 'p0', column 'content': holds raw bytes where text belongs",
                "UPDATE payload SET content = CAST(x'61ff' AS TEXT)",
                "table 'payload', row id = 'p0', column 'content': holds text that is not UTF-8",
                "UPDATE payload SET content = CAST(x'6100' AS TEXT)",
                "table 'payload', row id = 'p0', column 'content': holds text with a zero byte",
                "UPDATE attempt SET number = 3000000000 WHERE number = 10 AND run_id = 'rB'",
                "row run_id = 'rB', number = '3000000000', column 'number': holds a number that is too large",
                "UPDATE audit SET id = NULL WHERE id = 'uB'",
                "table 'audit', row id = NULL, column 'id': holds nothing where text belongs",
                "UPDATE audit SET id = x'41' WHERE id = 'uB'",
                "table 'audit', row id = x'41', column 'id': holds raw bytes");
    }

    @Test
    void refusesANewerSourceAndNone() throws IOException {
        assertRefused(() -> toServer(QUIET), "scheduler.store.directory", "holds no store");
        assertThat(source).doesNotExist();
        Path empty = parent.resolve("empty");
        assertRefused(
                () -> CopyChild.move(serverPlace()).move(embedded(empty), QUIET),
                "spring.datasource.url",
                "holds no store");

        fill(1);
        assertRefused(() -> CopyChild.move(source).move(embedded(source), QUIET), "--to", "is already");
        try (Store store = TestStores.sqliteFile(source, CLOCK)) {
            store.write(jdbc -> jdbc.sql("""
                            INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,
                                                               checksum, installed_by, execution_time, success)
                            VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'a newer build', 1, 1)
                            """).update());
        }
        assertRefused(
                () -> toServer(QUIET), "scheduler.store.directory", "schema version 99, written by a newer build");
    }

    @Test
    void aTargetIsCheckedAndNeverShowsAPassword() throws IOException {
        assertThat(problem("jdbc:postgresql://host/db?password=hunter2")).contains("--to: holds a password");
        assertThat(problem("jdbc:postgresql://me:hunter2@host/db")).contains("--to: is neither");
        assertThat(problem("jdbc:mysql://host/hunter2")).contains("--to: is neither");
        assertThat(problem("embedded:")).contains("names no directory");
        assertThat(problem("/some/where")).contains("embedded:/path/to/directory");
        assertThat(new MoveTarget("jdbc:postgresql://host/db", "me", parent.resolve("none")).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("--to-password-file", "none"));
        Path file = Files.writeString(parent.resolve("password"), "hunter2\n");
        MoveTarget right = new MoveTarget("jdbc:postgresql://host:5432/db", "me", file);
        assertThat(right.problems()).isEmpty();
        assertThat(((StorePlace.Server) right.place(server.limits())).server().password())
                .isEqualTo("hunter2");
        assertThat(right.place(server.limits()).toString()).doesNotContain("hunter2");
    }

    private static String problem(String to) {
        List<Problem> problems = new MoveTarget(to, null, null).problems();
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).toString()).doesNotContain("hunter2");
        return problems.get(0).toString();
    }

    private void fill(int payloads) {
        try (Store store = TestStores.sqliteFile(source, CLOCK)) {
            Rows.fill(store, payloads);
        }
    }

    private void abort(String line) {
        assertThatThrownBy(() -> toServer(failingAt(line))).hasMessage("aborted");
    }

    private static Consumer<String> failingAt(String wanted) {
        return line -> {
            if (line.equals(wanted)) {
                throw new IllegalStateException("aborted");
            }
        };
    }

    private List<Moved> toServer(Consumer<String> progress) throws IOException {
        return CopyChild.move(source).move(target(), progress);
    }

    private MoveTarget target() {
        return new MoveTarget(server.url(), null, null);
    }

    private StorePlace serverPlace() {
        return new StorePlace.Server(server, DatabaseServer.LOCATION);
    }

    private static MoveTarget embedded(Path directory) {
        return new MoveTarget("embedded:" + directory, null, null);
    }

    private void changeOnServer(String sql) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Moved> swapped(List<Moved> moved) {
        return moved.stream()
                .map(table -> new Moved(table.table(), table.destination(), table.source()))
                .toList();
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
