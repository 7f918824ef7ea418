package org.collectionscheduler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.collectionscheduler.CollectionSchedulerApplication;
import org.collectionscheduler.run.DeclaredBy;
import org.collectionscheduler.run.Registration;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** What the command says of collections that a service has stored. */
@Timeout(60)
class CheckTests {

    private static final String[] NAMES = {"paused", "rested", "sick", "unlucky", "well"};
    private static final Duration INTERVAL = Duration.ofHours(6);

    @TempDir
    Path directory;

    private final MutableClock clock = new MutableClock();
    private final Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS);
    /** Of every collection: halfway between two slots. */
    private final Instant anchor = now.minus(INTERVAL.multipliedBy(8)).minus(Duration.ofHours(3));

    @BeforeEach
    void storeCollections() {
        clock.set(anchor);
        try (Store store = TestStores.sqliteFile(directory, clock)) {
            TestRuns runs = new TestRuns(store, clock, System::nanoTime, 1);
            runs.registrations.register(
                    Stream.of(NAMES).map(CheckTests::registration).toList());
            change(store, "UPDATE collection SET last_decided_slot = " + now.toEpochMilli());
            change(store, "UPDATE collection SET paused_at = 1 WHERE name = 'paused'");
            change(
                    store,
                    "UPDATE collection SET suspended_until = " + restedUntil().toEpochMilli()
                            + " WHERE name = 'rested'");
            change(store, "UPDATE collection SET declared_by = 'NOBODY' WHERE name = 'sick'");
            change(store, """
                    INSERT INTO run (id, collection, kind, state, created_at)
                    VALUES ('r1', 'unlucky', 'WHIM', 'WAITING', 1)
                    """);
        }
    }

    @Test
    void nextRunsAreThoseThatTheServiceWouldShow() {
        Map<String, String> lines = check();

        assertThat(lines.get("well")).endsWith("first run at " + anchor.plus(INTERVAL.multipliedBy(9)));
        assertThat(lines.get("paused")).endsWith("first run not before somebody resumes it: it is paused");
        assertThat(lines.get("rested"))
                .endsWith("first run at " + anchor.plus(INTERVAL.multipliedBy(21)) + ", after its rest");
    }

    @Test
    void quietTimesAreHeeded() {
        String key = "--scheduler.quiet[0].";
        Instant tomorrow = now.plus(Duration.ofDays(1));

        assertThat(check(key + "from=" + now, key + "to=" + tomorrow).get("well"))
                .endsWith("first run at " + anchor.plus(INTERVAL.multipliedBy(13)));
        assertThat(check(key + "from=" + now, key + "to=" + tomorrow, key + "slots=hold")
                        .get("well"))
                .endsWith("first run at " + tomorrow);
    }

    @Test
    void whatCannotBeReadIsNamedWithTheReasonAndTheRemedy() {
        Map<String, String> lines = check();

        assertThat(lines.get("sick"))
                .startsWith("sick: collector cluster-metadata, every 6h")
                .contains("first run never: collection 'sick' is quarantined: the row 'sick' of table 'collection'")
                .contains("column 'declared_by' holds 'NOBODY'")
                .endsWith("correct or delete that row, and start the service again");
        assertThat(lines.get("unlucky"))
                .contains("collection 'unlucky' is quarantined: the row 'r1' of table 'run'", "'WHIM'");
        assertThat(lines.get("well")).doesNotContain("quarantined");
    }

    private Instant restedUntil() {
        return anchor.plus(INTERVAL.multipliedBy(20)).plusMillis(1);
    }

    private static Registration registration(String name) {
        return new Registration(
                name,
                "cluster-metadata",
                CollectionState.ACTIVE,
                DeclaredBy.CONFIGURATION,
                first -> new Rhythm.Interval(INTERVAL).schedule(first, Duration.ZERO),
                "test");
    }

    private static void change(Store store, String sql) {
        store.write(jdbc -> jdbc.sql(sql).update());
    }

    /** The lines of collections, by name. */
    private Map<String, String> check(String... settings) {
        List<String> arguments = new ArrayList<>(List.of("check", "--scheduler.source=host"));
        arguments.add("--scheduler.store.directory=" + directory);
        for (String name : NAMES) {
            arguments.add("--scheduler.collections." + name + ".collector=cluster-metadata");
            arguments.add("--scheduler.collections." + name + ".interval=6h");
        }
        arguments.addAll(List.of(settings));
        CommandLineArguments parsed = CommandLineArguments.of(arguments.toArray(String[]::new));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = Commands.execute(
                parsed,
                () -> new SpringApplicationBuilder(CollectionSchedulerApplication.class)
                        .web(WebApplicationType.NONE)
                        .logStartupInfo(false)
                        .properties("collection-scheduler.command=check")
                        .run(parsed.settings().toArray(String[]::new)),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(status).isEqualTo(Commands.DONE);
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .collect(Collectors.toMap(line -> line.substring(0, line.indexOf(':')), line -> line));
    }
}
