package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is left of a process that is killed in the middle of its work, and what the next one makes of it. */
class CrashIT {

    private static final String SLOW = "--scheduler.collections.slow.interval=31d";
    private static final String OFFSET = "--scheduler.collections.slow.max-offset=30d";

    @TempDir
    Path directory;

    @Test
    void theNextProcessFinishesTheRunByItsSecondAttemptAndKeepsTheRhythm() throws IOException {
        String runId;
        JsonNode before;
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, SLOW, OFFSET)) {
            service.awaitRunning();
            runId = service.post("/api/collections/slow/run").path("id").asString();
            before = service.awaitCollection(
                    "slow", status -> status.at("/running/attempt").asInt(0) == 1);
            service.kill9();
        }
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, SLOW, OFFSET)) {
            service.awaitRunning();
            JsonNode after = service.awaitCollection(
                    "slow", status -> status.path("lastSuccessAt").isString());

            assertThat(after.path("schedule")).isEqualTo(before.path("schedule"));
            assertThat(after.path("nextRunAt")).isEqualTo(before.path("nextRunAt"));
            assertThat(after.at("/lastRun/id").asString()).isEqualTo(runId);
            assertThat(after.at("/lastRun/attempts").asInt()).isEqualTo(2);
            assertThat(after.at("/statistics/runs").asInt()).isEqualTo(1);
            JsonNode attempts = service.get("/api/runs/" + runId).path("attempts");
            assertThat(attempts.path(0).path("outcome").asString()).isEqualTo("ABANDONED");
            assertThat(attempts.path(1).path("outcome").asString()).isEqualTo("SUCCEEDED");
        }
    }

    @Test
    void aRunThatMustNotBeRepeatedIsAbandoned() throws IOException {
        String[] settings = {
            "--scheduler.collections.slow-unrepeatable.interval=31d",
            "--scheduler.collections.slow-unrepeatable.max-offset=30d"
        };
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, settings)) {
            service.awaitRunning();
            service.post("/api/collections/slow-unrepeatable/run");
            service.awaitCollection(
                    "slow-unrepeatable", status -> status.at("/running/attempt").asInt(0) == 1);
            service.kill9();
        }
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, settings)) {
            service.awaitRunning();
            JsonNode after = service.awaitCollection(
                    "slow-unrepeatable", status -> status.path("lastRun").isObject());
            assertThat(after.at("/lastRun/outcome").asString()).isEqualTo("ABANDONED");
            assertThat(after.at("/lastRun/attempts").asInt()).isEqualTo(1);
            assertThat(after.at("/statistics/abandoned").asInt()).isEqualTo(1);
        }
    }

    @Test
    void anExhaustedHeapEndsTheProcessAndTheNextOneGoesOn() {
        String[] settings = {"--scheduler.collections.greedy.interval=1h", "--scheduler.run-on-start=if-never-run"};
        try (ServiceProcess service = ServiceProcess.withScenariosAndHeap("256m", directory, settings)) {
            assertThat(service.awaitExit(ServiceProcess.PATIENCE)).isEqualTo(3);
            assertThat(service.log()).contains("heap exhausted");
        }
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, settings)) {
            service.awaitRunning();
            JsonNode after = service.awaitCollection(
                    "greedy", status -> status.path("lastSuccessAt").isString());
            assertThat(after.at("/lastRun/attempts").asInt()).isEqualTo(2);
        }
    }

    @Test
    void slotsMissedBetweenTwoProcessesBecomeOneRun() {
        String quick = "--scheduler.collections.quick.interval=2s";
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, quick)) {
            service.awaitRunning();
            service.awaitCollection(
                    "quick", status -> status.at("/statistics/succeeded").asInt() >= 2);
            service.kill9();
        }
        // The downtime itself is what is tested: several slots pass while nothing runs.
        await().pollDelay(Duration.ofSeconds(7)).atMost(Duration.ofSeconds(10)).until(() -> true);
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, quick)) {
            service.awaitRunning();
            service.awaitCollection(
                    "quick",
                    status -> status.at("/lastRun/kind").asString("").equals("SCHEDULE")
                            && status.at("/statistics/succeeded").asInt() >= 4);
            JsonNode runs = service.get("/api/runs?collection=quick&limit=100").path("runs");
            long catchUps = runs.valueStream()
                    .filter(run -> run.path("kind").asString().equals("CATCH_UP"))
                    .count();
            assertThat(catchUps).as(runs.toPrettyString()).isEqualTo(1);
            JsonNode catchUp = runs.valueStream()
                    .filter(run -> run.path("kind").asString().equals("CATCH_UP"))
                    .findFirst()
                    .orElseThrow();
            assertThat(catchUp.path("missedCount").asInt()).isGreaterThanOrEqualTo(3);
        }
    }
}
