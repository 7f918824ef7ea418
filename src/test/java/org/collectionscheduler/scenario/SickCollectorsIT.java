package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Collectors that hang, throw an Error, or bring back a gigabyte: named, and nobody else's trouble. */
class SickCollectorsIT {

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

    private static void assertLast(ServiceProcess service, String name, String outcome, String error) {
        JsonNode status =
                service.awaitCollection(name, found -> found.path("lastRun").isObject());
        assertThat(status.at("/lastRun/outcome").asString()).isEqualTo(outcome);
        assertThat(status.at("/lastRun/error").asString()).contains(error);
    }
}
