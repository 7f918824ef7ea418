package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Retries, rests and pauses outlive the process, however it ends. */
class PoliciesIT {

    @TempDir
    Path directory;

    @Test
    void aRetryThatAKilledProcessOwedIsMadeOnceAtItsTime() throws IOException {
        String[] settings = {
            "--scheduler.collections.curable.interval=31d",
            "--scheduler.collections.curable.max-offset=30d",
            "--scheduler.collections.curable.retry.initial-delay=12s",
            "--scheduler.collections.curable.retry.max-delay=12s",
            "--scheduler.collections.curable.retry.jitter=0"
        };
        String runId;
        Instant due;
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, settings)) {
            service.awaitRunning();
            runId = service.post("/api/collections/curable/run").path("id").asString();
            JsonNode resting = service.awaitCollection(
                    "curable", status -> status.at("/running/nextAttemptAt").isString());
            due = Instant.parse(resting.at("/running/nextAttemptAt").asString());
            service.kill9();
        }
        cure();
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, settings)) {
            service.awaitRunning();
            JsonNode after = service.awaitCollection(
                    "curable", status -> status.path("lastSuccessAt").isString());

            assertThat(after.at("/lastRun/id").asString()).isEqualTo(runId);
            assertThat(after.at("/statistics/runs").asInt()).isEqualTo(1);
            JsonNode attempts = service.get("/api/runs/" + runId).path("attempts");
            assertThat(attempts.valueStream()
                            .map(attempt -> attempt.path("outcome").asString())
                            .toList())
                    .containsExactly("FAILED", "SUCCEEDED");
            assertThat(Instant.parse(attempts.path(1).path("startedAt").asString()))
                    .isAfterOrEqualTo(due);
            assertThat(begun("curable")).hasSize(2);
        }
    }

    @Test
    void aFailingCollectionRestsOverARestartIsProbedAndGoesOn() throws IOException {
        String[] settings = {
            "--scheduler.collections.curable.interval=1s",
            "--scheduler.collections.curable.retry.max-attempts=1",
            "--scheduler.collections.curable.suspend-after=3",
            "--scheduler.collections.curable.suspend-for=15s",
            "--scheduler.collections.curable.max-suspend-for=15s"
        };
        JsonNode resting;
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, settings)) {
            service.awaitRunning();
            resting = service.awaitCollection(
                    "curable", status -> status.path("state").asString().equals("SUSPENDED"));
            assertThat(resting.at("/statistics/runs").asInt()).isEqualTo(3);
            service.kill9();
        }
        cure();
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, settings)) {
            service.awaitRunning();
            JsonNode after = service.awaitCollection(
                    "curable", status -> status.at("/statistics/succeeded").asInt() >= 2);

            assertThat(after.path("state").asString()).isEqualTo("ACTIVE");
            assertThat(after.at("/statistics/failed").asInt()).isEqualTo(3);
            Instant end = Instant.parse(resting.path("suspendedUntil").asString());
            JsonNode runs =
                    service.get("/api/runs?collection=curable&limit=100").path("runs");
            Instant probe = runs.valueStream()
                    .filter(run -> run.path("outcome").asString("").equals("SUCCEEDED"))
                    .map(run -> Instant.parse(run.path("startedAt").asString()))
                    .min(Instant::compareTo)
                    .orElseThrow();
            assertThat(probe).isAfterOrEqualTo(end);
            assertThat(runs.valueStream()
                            .map(run -> run.path("missedCount").asInt(0))
                            .toList())
                    .as("slots of the rest are not missed: " + runs)
                    .allMatch(missed -> missed < 10);
        }
    }

    @Test
    void aPausedCollectionStaysPausedOverARestartAndMissesNothing() throws IOException {
        String quick = "--scheduler.collections.quick.interval=1s";
        int before;
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, quick)) {
            service.awaitRunning();
            service.awaitCollection(
                    "quick", status -> status.at("/statistics/succeeded").asInt() >= 1);
            service.post("/api/collections/quick/pause");
            before = service.awaitCollection(
                            "quick",
                            status -> status.path("state").asString().equals("PAUSED")
                                    && status.path("running").isNull())
                    .at("/statistics/runs")
                    .asInt();
            service.kill9();
        }
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, quick)) {
            service.awaitRunning();
            // What is tested is that several of its slots pass.
            await().pollDelay(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> true);
            JsonNode paused = service.collection("quick");
            assertThat(paused.path("state").asString()).isEqualTo("PAUSED");
            assertThat(paused.path("nextRunAt").isNull()).isTrue();
            assertThat(paused.at("/statistics/runs").asInt()).isEqualTo(before);

            service.post("/api/collections/quick/resume");
            service.awaitCollection(
                    "quick", status -> status.at("/statistics/runs").asInt() >= before + 2);
            JsonNode runs = service.get("/api/runs?collection=quick&limit=100").path("runs");
            assertThat(runs.valueStream()
                            .map(run -> run.path("kind").asString())
                            .toList())
                    .doesNotContain("CATCH_UP");
        }
    }

    private void cure() throws IOException {
        Files.writeString(directory.resolve("history.cured"), "");
    }

    private List<String> begun(String name) throws IOException {
        return Files.readAllLines(directory.resolve("history")).stream()
                .filter(line -> line.startsWith("begin " + name + " "))
                .toList();
    }
}
