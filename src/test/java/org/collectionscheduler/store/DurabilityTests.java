package org.collectionscheduler.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was acknowledged is there, however the process ended. */
class DurabilityTests {

    private static final int ACKNOWLEDGED = 300;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"commit", "commit", "commit-together", "commit-together"})
    @Timeout(30)
    void nothingAcknowledgedIsLostWhenTheProcessIsKilled(String mode) throws Exception {
        Process child = StoreChild.start(mode, directory);
        Set<String> acknowledged = new HashSet<>();
        try (BufferedReader output = StoreChild.output(child)) {
            assertThat(output.readLine()).isEqualTo(StoreChild.OPEN);
            while (acknowledged.size() < ACKNOWLEDGED) {
                acknowledged.add(output.readLine());
            }
            // Process.destroyForcibly would close the stream that is still to be read.
            child.toHandle().destroyForcibly();
            drain(output, acknowledged);
        }
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();

        try (StoreView view = EmbeddedDatabase.view(directory, Clock.systemUTC())) {
            assertThat(view.read(DurabilityTests::ids).orElseThrow())
                    .as("to a command that only looks")
                    .containsAll(acknowledged);
        }
        try (Store store = TestStores.sqliteFile(directory, Clock.systemUTC())) {
            assertThat(store.read(DurabilityTests::ids)).containsAll(acknowledged);
        }
        try (Stream<Path> leftovers = Files.list(directory.resolve("native"))) {
            assertThat(leftovers)
                    .as("the killed process's copy of the driver's library")
                    .isEmpty();
        }
    }

    /** The last line may be cut short by the kill; an id has 36 characters. */
    private static void drain(BufferedReader output, Set<String> acknowledged) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.length() == 36) {
                acknowledged.add(line);
            }
        }
    }

    private static Set<String> ids(org.springframework.jdbc.core.simple.JdbcClient jdbc) {
        return jdbc.sql("SELECT id FROM payload").query(String.class).set();
    }
}
