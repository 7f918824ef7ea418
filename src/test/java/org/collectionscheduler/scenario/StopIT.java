package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** SIGTERM in the middle of a slow collection. */
class StopIT {

    private static final String SLOW = "--scheduler.collections.slow.interval=31d";
    private static final String OFFSET = "--scheduler.collections.slow.max-offset=30d";

    @TempDir
    Path directory;

    @Test
    void aRunThatEndsWithinTheGraceIsStored() throws IOException {
        JsonNode last = stopped("3000", Duration.ofSeconds(20));
        assertThat(last.path("outcome").asString()).isEqualTo("SUCCEEDED");
        assertThat(last.path("payloadId").isString()).isTrue();
    }

    @Test
    void aRunThatOutlastsTheGraceIsCancelledAndRecorded() throws IOException {
        JsonNode last = stopped("120000", Duration.ofSeconds(2));
        assertThat(last.path("outcome").asString()).isEqualTo("CANCELLED");
        assertThat(last.path("error").asString()).contains("stop");
    }

    @Test
    void aCollectorThatIgnoresItsCancellationDoesNotHoldUpTheStop() throws IOException {
        try (ServiceProcess service = ServiceProcess.withScenarios(
                directory,
                "--scheduler.collections.hanging.interval=31d",
                "--scheduler.collections.hanging.max-offset=30d",
                "--scheduler.shutdown-timeout=1s")) {
            service.awaitRunning();
            service.post("/api/collections/hanging/run");
            service.awaitCollection(
                    "hanging", status -> status.at("/running/attempt").asInt(0) == 1);
            service.sigterm();
            assertThat(service.awaitExit(Duration.ofSeconds(6))).isIn(0, 143);
        }
    }

    /** The last run as the next process shows it. */
    private JsonNode stopped(String slownessMs, Duration grace) throws IOException {
        String slowness = "--scenario.slowness-ms=" + slownessMs;
        try (ServiceProcess service = ServiceProcess.withScenarios(
                directory, SLOW, OFFSET, slowness, "--scheduler.shutdown-timeout=" + grace)) {
            service.awaitRunning();
            service.post("/api/collections/slow/run");
            service.awaitCollection(
                    "slow", status -> status.at("/running/attempt").asInt(0) == 1);
            service.sigterm();
            assertThat(service.awaitExit(grace.plusSeconds(5))).isIn(0, 143);
            assertThat(service.log()).contains("stop requested").contains("stopped");
        }
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, SLOW, OFFSET)) {
            service.awaitRunning();
            return service.collection("slow").path("lastRun");
        }
    }
}
