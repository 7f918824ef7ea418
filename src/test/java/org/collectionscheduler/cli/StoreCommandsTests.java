package org.collectionscheduler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.collectionscheduler.CollectionSchedulerApplication;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The commands that copy a whole store, as an operator types them. */
@ResourceLock(Resources.SYSTEM_ERR)
class StoreCommandsTests {

    @TempDir
    Path parent;

    private Path data;

    private record Result(int status, String out, String err) {}

    @BeforeEach
    void store() {
        data = parent.resolve("data");
        try (Store store = TestStores.sqliteFile(data, new MutableClock())) {
            store.write(jdbc -> jdbc.sql("""
                            INSERT INTO audit (id, at, action, collection, origin) VALUES ('a1', 1, 'PAUSE', 'c', 'test')
                            """).update());
            store.write(jdbc -> jdbc.sql("""
                            INSERT INTO instance (id, host, version, started_at, heartbeat_at) VALUES ('i', 'h', '1', 1, 1)
                            """).update());
        }
    }

    @Test
    void movePrintsEachTableAndBack() {
        DatabaseServer server = TestStores.emptyServer();
        String seed = seed(data);

        Result there = run("move", "--to", server.url(), "--scheduler.store.directory=" + data);

        assertThat(there.status()).as(there.err()).isZero();
        assertThat(there.out().lines())
                .hasSize(7)
                .anyMatch(Pattern.compile("audit: 1 rows, sha256 [0-9a-f]{64}, equal on both sides")
                        .asMatchPredicate())
                .noneMatch(line -> line.startsWith("instance"))
                .last()
                .isEqualTo("moved: all tables are equal on both sides");
        assertThat(there.err()).contains("audit: carried 1 rows");

        Path back = parent.resolve("back");
        Result again = run("move", "--to=embedded:" + back, "--spring.datasource.url=" + server.url());
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.out()).isEqualTo(there.out());
        assertThat(seed(back)).isEqualTo(seed);

        Result inUse;
        try (Store ignored = TestStores.sqliteFile(data, new MutableClock())) {
            inUse = run("move", "--to", server.url(), "--scheduler.store.directory=" + data);
        }
        assertThat(inUse.status()).isEqualTo(Commands.FAILED);
        assertThat(inUse.out()).isEmpty();
        assertThat(inUse.err().lines().filter(line -> line.contains("scheduler.store.directory = ")))
                .hasSize(1);
    }

    @Test
    void moveRefusesAPlaceThatIsNone() {
        Result password = run("move", "--to=jdbc:postgresql://h/db?password=hunter2");
        assertThat(password.status()).isEqualTo(Commands.WRONG_USAGE);
        assertThat(password.err()).contains("--to-password-file").doesNotContain("hunter2");

        assertThat(run("move").status()).isEqualTo(Commands.WRONG_USAGE);
        assertThat(run("move", "--to=embedded:" + data, "--scheduler.store.type=memory")
                        .status())
                .isEqualTo(Commands.WRONG_USAGE);
    }

    @Test
    void backupAndRestore() throws Exception {
        Path file = parent.resolve("backup.db");
        String setting = "--scheduler.store.directory=" + data;

        Result backup = run("backup", "--to", file.toString(), setting);
        assertThat(backup.status()).as(backup.err()).isZero();
        assertThat(backup.out())
                .startsWith(file + ": " + Files.size(file) + " bytes, verified")
                .contains("audit: 1 rows");
        Result again = run("backup", "--to", file.toString(), setting);
        assertThat(again.status()).isEqualTo(Commands.FAILED);
        assertThat(again.err()).contains("--to = '" + file + "': exists already");

        // Also what cannot even be opened.
        Files.writeString(data.resolve("scheduler.db"), "a letter to my aunt ".repeat(100));
        Result restored = run("restore", "--from", file.toString(), setting);
        assertThat(restored.status()).as(restored.err()).isZero();
        assertThat(restored.out()).contains("the old database is kept as " + data.resolve("scheduler.db.until-"));
        try (Store store = TestStores.sqliteFile(data, new MutableClock())) {
            assertThat(store.read(StoreCommandsTests::audit)).containsExactly("a1");
        }
    }

    @Test
    void aPostgreSqlHasToolsOfItsOwn() {
        String url = "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none";

        for (Map.Entry<String, List<String>> command : Map.of(
                        "pg_dump", List.of("backup", "--to", parent.resolve("b").toString(), url),
                        "pg_restore",
                                List.of("restore", "--from", parent.resolve("b").toString(), url))
                .entrySet()) {
            Result result = run(command.getValue().toArray(String[]::new));
            assertThat(result.status()).isEqualTo(Commands.WRONG_USAGE);
            assertThat(result.err()).contains(command.getKey());
        }
    }

    private static List<String> audit(JdbcClient jdbc) {
        return jdbc.sql("SELECT id FROM audit").query(String.class).list();
    }

    private static String seed(Path directory) {
        try (Store store = TestStores.sqliteFile(directory, new MutableClock())) {
            return store.read(jdbc ->
                    jdbc.sql("SELECT seed FROM deployment").query(String.class).single());
        }
    }

    private Result run(String... typed) {
        List<String> arguments = new ArrayList<>(List.of(typed));
        arguments.add("--scheduler.source=host");
        CommandLineArguments parsed = CommandLineArguments.of(arguments.toArray(String[]::new));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int status = Commands.execute(
                    parsed,
                    () -> new SpringApplicationBuilder(CollectionSchedulerApplication.class)
                            .web(WebApplicationType.NONE)
                            .logStartupInfo(false)
                            .properties("collection-scheduler.command=" + typed[0])
                            .run(parsed.settings().toArray(String[]::new)),
                    new PrintStream(out, true, StandardCharsets.UTF_8));
            return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }
}
