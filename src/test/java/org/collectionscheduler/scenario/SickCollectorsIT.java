package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Collectors that hang, throw an Error, or bring back a gigabyte: named, and nobody else's trouble. */
class SickCollectorsIT {

    private static final int HEALTHY = 100;

    @TempDir
    Path directory;

    @Test
    void everySickOneIsNamedAndTheOthersAreOnTime() {
        try (ServiceProcess service = ServiceProcess.withScenarios(
                directory,
                "--scheduler.collections.quick.interval=1s",
                "--scheduler.collections.hanging.interval=30m",
                "--scheduler.collections.hanging.timeout=2s",
                "--scheduler.collections.erroneous.interval=30m",
                "--scheduler.collections.huge.interval=30m",
                "--scheduler.collections.failing.interval=30m",
                "--scheduler.collections.halved.interval=30m",
                "--scheduler.max-concurrent-runs=5")) {
            service.awaitRunning();
            assertLast(service, "failing", "FAILED", "the password is wrong");
            assertLast(service, "huge", "FAILED", "larger than 8388608 bytes");
            assertLast(service, "hanging", "TIMED_OUT", "ignores its cancellation");
            assertLast(service, "erroneous", "FAILED", "AssertionError: broken beyond repair");
            JsonNode halved = service.awaitCollection(
                    "halved", status -> status.path("lastRun").isObject());
            assertThat(halved.at("/lastRun/completeness").asString()).isEqualTo("partial");
            assertThat(halved.at("/lastRun/reason").asString()).contains("right: nobody may look right");
            assertThat(service.collection("hanging").path("stuck").isObject()).isTrue();
            assertThat(service.collection("failing").at("/lastRun/attempts").asInt())
                    .isEqualTo(1);
            assertThat(service.collection("erroneous").at("/lastRun/attempts").asInt())
                    .isEqualTo(4);

            JsonNode health = service.get("/actuator/health");
            assertThat(health.path("status").asString()).isEqualTo("DEGRADED");
            JsonNode troubles = health.at("/components/collections/details/collections");
            assertThat(troubles.propertyNames())
                    .containsExactlyInAnyOrder("erroneous", "failing", "halved", "hanging", "huge");
            assertThat(service.get("/actuator/health/liveness").path("status").asString())
                    .isEqualTo("UP");

            int before = service.collection("quick").at("/statistics/succeeded").asInt();
            JsonNode quick = service.awaitCollection(
                    "quick", status -> status.at("/statistics/succeeded").asInt() >= before + 3);
            assertThat(quick.at("/statistics/failed").asInt()).isZero();
            assertThat(service.collection("hanging").path("stuck").isObject()).isTrue();
        }
    }

    @Test
    void aHundredOthersRunOnTimeBesideThem() throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "--scheduler.max-concurrent-runs=8",
                "--scenario.slowness-ms=600000",
                "--scheduler.defaults.retry.max-attempts=1",
                "--scheduler.defaults.suspend-after=0",
                "--scheduler.collections.slow.interval=3s",
                "--scheduler.collections.slow.timeout=2s",
                "--scheduler.collections.hanging.interval=3s",
                "--scheduler.collections.hanging.timeout=2s",
                "--scheduler.collections.erroneous.interval=1s",
                "--scheduler.collections.huge.interval=30m",
                "--scheduler.collections.forking.collector=command",
                "--scheduler.collections.forking.interval=10s",
                "--scheduler.collections.forking.timeout=2s",
                "--scheduler.collections.forking.parameters.environment[0]=PATH",
                "--scheduler.collections.forking.parameters.command[0]=/bin/sh",
                "--scheduler.collections.forking.parameters.command[1]=-c",
                "--scheduler.collections.forking.parameters.command[2]=sleep 1000 & echo $! >> "
                        + directory.resolve("pids") + "; setsid sh -c 'echo $$ >> " + directory.resolve("pids")
                        + "; exec sleep 1000' & wait"));
        for (int i = 0; i < HEALTHY; i++) {
            settings.add("--scheduler.collections.healthy-" + i + ".collector=quick");
            settings.add("--scheduler.collections.healthy-" + i + ".interval=5s");
            settings.add("--scheduler.collections.healthy-" + i + ".max-offset=4s");
        }
        try (ServiceProcess service = ServiceProcess.withScenarios(directory, settings.toArray(String[]::new))) {
            service.awaitRunning();
            Instant running = Instant.now();
            for (int i = 0; i < HEALTHY; i++) {
                service.awaitCollection(
                        "healthy-" + i,
                        status -> status.at("/statistics/succeeded").asInt() >= 4);
            }
            assertOnTime(service, running.plusSeconds(5));
            assertLast(service, "slow", "TIMED_OUT", "");
            assertLast(service, "hanging", "TIMED_OUT", "ignores its cancellation");
            assertLast(service, "erroneous", "FAILED", "AssertionError: broken beyond repair");
            assertLast(service, "huge", "FAILED", "larger than 8388608 bytes");
            assertLast(service, "forking", "TIMED_OUT", "");
            assertThat(Files.readAllLines(directory.resolve("pids")).stream()
                            .map(pid -> ProcessHandle.of(Long.parseLong(pid.trim())))
                            .filter(handle -> handle.map(ProcessHandle::isAlive).orElse(false))
                            .count())
                    .as("children of the attempt under way at most")
                    .isLessThanOrEqualTo(2);
            assertThat(service.collection("hanging").path("stuck").isObject()).isTrue();
            assertThat(service.get("/actuator/health")
                            .at("/components/collections/details/collections")
                            .propertyNames())
                    .containsExactlyInAnyOrder("erroneous", "forking", "hanging", "huge", "slow");
        }
    }

    /** Whoever is ill: no healthy one has failed, was passed over, or began late once everything was running. */
    private static void assertOnTime(ServiceProcess service, Instant from) {
        for (int i = 0; i < HEALTHY; i++) {
            JsonNode status = service.collection("healthy-" + i);
            assertThat(status.at("/statistics/failed").asInt()).isZero();
            List<JsonNode> runs = service.get("/api/runs?limit=50&collection=healthy-" + i)
                    .path("runs")
                    .valueStream()
                    .filter(run ->
                            Instant.parse(run.path("scheduledAt").asString()).isAfter(from))
                    .filter(run -> !run.path("state").asString().equals("WAITING"))
                    .toList();
            assertThat(runs)
                    .isNotEmpty()
                    .allSatisfy(run -> assertThat(Duration.between(
                                    Instant.parse(run.path("scheduledAt").asString()),
                                    Instant.parse(run.path("startedAt").asString(run.toString()))))
                            .as(run.toString())
                            .isLessThan(Duration.ofSeconds(3)));
        }
    }

    private static void assertLast(ServiceProcess service, String name, String outcome, String error) {
        JsonNode status =
                service.awaitCollection(name, found -> found.path("lastRun").isObject());
        assertThat(status.at("/lastRun/outcome").asString()).isEqualTo(outcome);
        assertThat(status.at("/lastRun/error").asString()).contains(error);
    }
}
