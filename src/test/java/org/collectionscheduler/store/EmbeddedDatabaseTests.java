package org.collectionscheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class EmbeddedDatabaseTests {

    private static final Clock CLOCK = new MutableClock();

    @TempDir
    Path parent;

    @Test
    void whatItMakesIsForItsOwnerOnly() throws IOException {
        Path directory = parent.resolve("deep/data");

        try (Store store = TestStores.sqliteFile(directory, CLOCK)) {
            store.probe();

            assertThat(permissions(directory)).isEqualTo("rwx------");
            assertThat(files(directory))
                    .containsKeys("scheduler.db", "scheduler.db-wal", "scheduler.db-shm", "scheduler.lock");
            for (String file : files(directory).keySet()) {
                if (Files.isRegularFile(directory.resolve(file))) {
                    assertThat(permissions(directory.resolve(file))).as(file).isEqualTo("rw-------");
                }
            }
        }
    }

    @Test
    void whatIsStoredIsThereAfterReopening() {
        Deployment first;
        try (Store store = TestStores.sqliteFile(parent, CLOCK)) {
            first = store.read(DeploymentRepository::find).orElseThrow();
        }
        try (Store store = TestStores.sqliteFile(parent, CLOCK)) {
            assertThat(store.read(DeploymentRepository::find)).contains(first);
        }
    }

    @Test
    void aSecondOpeningInTheSameProcessIsRefused() {
        try (Store store = TestStores.sqliteFile(parent, CLOCK)) {
            assertThat(refusal(parent)).satisfies(problem -> {
                assertThat(problem.key()).isEqualTo("scheduler.store.directory");
                assertThat(problem.value()).isEqualTo(parent.toString());
                assertThat(problem.wrong()).contains("in use").contains(String.valueOf(ownPid()));
                assertThat(problem.remedy()).contains("directory of its own");
            });
            assertThat(store.status().isWritable()).isTrue();
        }
        TestStores.sqliteFile(parent, CLOCK).close();
    }

    @Test
    @Timeout(30)
    void aSecondProcessIsRefusedAndComesInWhenTheFirstHasDied() throws Exception {
        Process holder = StoreChild.start("hold", parent);
        try (BufferedReader output = StoreChild.output(holder)) {
            assertThat(output.readLine()).isEqualTo(StoreChild.OPEN);

            assertThat(refusal(parent).wrong()).contains("in use").contains("pid " + holder.pid());
        }
        holder.destroyForcibly();
        assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();

        try (Store store = TestStores.sqliteFile(parent, CLOCK)) {
            Process second = StoreChild.start("hold", parent);
            try (BufferedReader output = StoreChild.output(second)) {
                assertThat(output.readLine()).startsWith(StoreChild.REFUSED).contains("pid " + ownPid());
            }
            assertThat(second.waitFor(10, TimeUnit.SECONDS)).isTrue();
            store.probe();
            assertThat(store.status().isWritable()).isTrue();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefused() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));

        for (Path directory : List.of(file, file.resolve("data"), Path.of("/proc/collection-scheduler"))) {
            assertThat(refusal(directory)).satisfies(problem -> {
                assertThat(problem.key()).isEqualTo("scheduler.store.directory");
                assertThat(problem.value()).isEqualTo(directory.toString());
                assertThat(problem.wrong()).contains("cannot be written");
                assertThat(problem.remedy()).contains("scheduler.store.type");
            });
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLeftAsItIs() throws IOException {
        byte[] text = "This is a letter to my aunt. ".repeat(100).getBytes(StandardCharsets.UTF_8);
        Files.write(parent.resolve(EmbeddedDatabase.FILE), text);

        assertThat(refusal(parent)).satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("scheduler.store.directory");
            assertThat(problem.wrong()).contains(EmbeddedDatabase.FILE).contains("not a database");
            assertThat(problem.remedy()).contains("backup");
        });

        assertThat(parent.resolve(EmbeddedDatabase.FILE)).hasBinaryContent(text);
        assertThatThrownBy(() -> EmbeddedDatabase.view(parent, CLOCK).read(DeploymentRepository::find))
                .isInstanceOf(StartRefusedException.class);
        Files.delete(parent.resolve(EmbeddedDatabase.FILE));
        TestStores.sqliteFile(parent, CLOCK).close();
    }

    @Test
    void aDamagedDatabaseIsRefused() throws IOException {
        TestStores.sqliteFile(parent, CLOCK).close();
        Path file = parent.resolve(EmbeddedDatabase.FILE);
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 100, bytes.length, (byte) 0xA5);
        Files.write(file, bytes);

        assertThat(refusal(parent).toString())
                .contains("scheduler.store.directory")
                .contains("malformed");
    }

    @Test
    void aDatabaseOfSomethingElseIsRefused() {
        try (Store store = EmbeddedDatabase.open(parent, CLOCK)) {
            store.write(jdbc -> jdbc.sql("CREATE TABLE invoices (id INTEGER)").update());
        }

        assertThat(refusal(parent).wrong()).contains("cannot be read or brought up to date");
    }

    @Test
    void aStoreOfANewerBuildIsRefused() {
        try (Store store = TestStores.sqliteFile(parent, CLOCK)) {
            store.write(jdbc -> jdbc.sql("""
                            INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,
                                                               checksum, installed_by, execution_time, success)
                            VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'a newer build', 1, 1)
                            """).update());
        }

        assertThat(refusal(parent)).satisfies(problem -> {
            assertThat(problem.wrong()).contains("schema version 99").contains("newer build");
            assertThat(problem.remedy()).contains("Start that build or a later one");
        });
    }

    @Test
    void leftoversOfTheDriverAreSwept() throws IOException {
        Path leftover = Files.createDirectories(parent.resolve("native")).resolve("sqlite-old.so");
        Files.createFile(leftover);

        TestStores.sqliteFile(parent, CLOCK).close();

        assertThat(leftover).doesNotExist();
    }

    @Test
    void aViewReadsWhatAServiceHoldsAndChangesNothing() throws IOException {
        try (Store store = TestStores.sqliteFile(parent, CLOCK)) {
            Deployment deployment = store.read(DeploymentRepository::find).orElseThrow();
            Map<String, Integer> before = files(parent);

            try (StoreView view = EmbeddedDatabase.view(parent, CLOCK)) {
                assertThat(view.read(DeploymentRepository::find).orElseThrow()).contains(deployment);
                assertThatThrownBy(() -> view.read(EmbeddedDatabaseTests::write))
                        .isInstanceOf(RuntimeException.class);
            }

            assertThat(files(parent)).isEqualTo(before);
            store.probe();
            assertThat(store.status().isWritable()).isTrue();
        }
    }

    @Test
    void aViewLeavesAStoreAtRestAsItIs() throws IOException {
        TestStores.sqliteFile(parent, CLOCK).close();
        Map<String, Integer> before = files(parent);

        try (StoreView view = EmbeddedDatabase.view(parent, CLOCK)) {
            assertThat(view.read(DeploymentRepository::find).orElseThrow()).isPresent();
        }

        assertThat(files(parent)).isEqualTo(before);
    }

    @Test
    void aViewOfNothingIsEmptyAndMakesNothing() {
        Path directory = parent.resolve("none");

        try (StoreView view = EmbeddedDatabase.view(directory, CLOCK)) {
            assertThat(view.read(DeploymentRepository::find)).isEmpty();
        }

        assertThat(directory).doesNotExist();
    }

    private static int write(JdbcClient jdbc) {
        return jdbc.sql("UPDATE deployment SET probed_at = 1").update();
    }

    private static Problem refusal(Path directory) {
        StartRefusedException refused = catchThrowableOfType(
                StartRefusedException.class,
                () -> TestStores.sqliteFile(directory, CLOCK).close());
        assertThat(refused).isNotNull();
        assertThat(refused.problems()).hasSize(1);
        return refused.problems().get(0);
    }

    private static long ownPid() {
        return ProcessHandle.current().pid();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Name and content's hash of every file. */
    private static Map<String, Integer> files(Path directory) throws IOException {
        Map<String, Integer> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(directory)) {
            for (Path path : paths.toList()) {
                // Readers leave their marks in the shared-memory index; it holds no data.
                boolean content = Files.isRegularFile(path) && !path.toString().endsWith("-shm");
                files.put(path.getFileName().toString(), content ? Arrays.hashCode(Files.readAllBytes(path)) : 0);
            }
        }
        return files;
    }
}
