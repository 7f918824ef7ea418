package org.collectionscheduler.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.collectionscheduler.scenario.RunningService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What operators watch, over real HTTP. */
class ActuatorTests {

    @TempDir
    static Path directory;

    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(
                directory,
                "--scheduler.collections.cluster-metadata.interval=60s",
                "--scheduler.collections.quick.interval=1s",
                "--scheduler.collections.slow.interval=1s",
                "--scheduler.collections.failing.interval=1h",
                "--scheduler.collections.halved.interval=1h",
                "--scheduler.collections.huge.interval=1h",
                "--scheduler.collections.huge.enabled=false",
                "--scenario.slowness-ms=2500");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> collection("quick").at("/statistics/succeeded").asInt() >= 2
                        && collection("slow").at("/statistics/skipped").asInt() >= 1
                        && collection("failing").path("lastRun").isObject()
                        && collection("halved").path("lastRun").isObject());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void theCollectionsEndpointSaysWhatRanAndWhatRunsNext() throws Exception {
        JsonNode all = service.json("/actuator/collections");
        assertThat(all.propertyNames())
                .containsExactly(
                        "engine", "state", "instance", "source", "instances", "collections", "declaredElsewhere");
        assertThat(all.path("engine").asString()).isEqualTo("local");
        assertThat(all.path("state").asString()).isEqualTo("RUNNING");
        assertThat(all.path("source").asString()).isEqualTo("host");

        JsonNode quick = collection("quick");
        assertThat(quick.propertyNames())
                .contains(
                        "name",
                        "collector",
                        "state",
                        "schedule",
                        "nextRunAt",
                        "running",
                        "lastRun",
                        "lastSuccessAt",
                        "statistics");
        assertThat(quick.path("schedule").propertyNames())
                .containsExactly(
                        "type",
                        "text",
                        "interval",
                        "configuredInterval",
                        "minimumInterval",
                        "offset",
                        "maxOffset",
                        "anchor");
        assertThat(quick.path("lastRun").propertyNames())
                .contains(
                        "id",
                        "kind",
                        "scheduledAt",
                        "startedAt",
                        "finishedAt",
                        "outcome",
                        "completeness",
                        "attempts",
                        "error",
                        "payloadId");
        assertThat(quick.path("statistics").propertyNames())
                .contains(
                        "runs",
                        "succeeded",
                        "failed",
                        "timedOut",
                        "skipped",
                        "abandoned",
                        "consecutiveFailures",
                        "averageDuration");
        assertThat(Duration.parse(quick.at("/schedule/interval").asString())).isEqualTo(Duration.ofSeconds(1));
        assertThat(Instant.parse(quick.at("/lastRun/startedAt").asString()))
                .isAfterOrEqualTo(Instant.parse(quick.at("/lastRun/scheduledAt").asString()));
    }

    @Test
    void anIntervalBelowTheMinimumIsRaisedAndBothAreShown() throws Exception {
        JsonNode schedule = collection("cluster-metadata").path("schedule");
        assertThat(schedule.path("interval").asString()).isEqualTo("PT1H");
        assertThat(schedule.path("configuredInterval").asString()).isEqualTo("PT1M");
        assertThat(schedule.path("minimumInterval").asString()).isEqualTo("PT1H");
    }

    @Test
    void aDisabledCollectionHasNoNextRun() throws Exception {
        assertThat(collection("huge").path("state").asString()).isEqualTo("DISABLED");
        assertThat(collection("huge").path("nextRunAt").isNull()).isTrue();
    }

    @Test
    void anUnknownCollectionIsNotFound() throws Exception {
        assertThat(service.send("GET", "/actuator/collections/nobody").statusCode())
                .isEqualTo(404);
    }

    @Test
    void healthNamesTheCollectionsInTroubleAndSinceWhen() throws Exception {
        HttpResponse<String> response = service.send("GET", "/actuator/health");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode component = RunningService.json(response).at("/components/collections");
        assertThat(component.path("status").asString()).isEqualTo("DEGRADED");
        JsonNode troubles = component.at("/details/collections");
        assertThat(troubles.propertyNames()).containsExactly("failing", "halved");
        assertThat(troubles.at("/failing/problem").asString())
                .contains("FAILED")
                .contains("password is wrong");
        assertThat(troubles.at("/halved/problem").asString())
                .contains("partial")
                .contains("right");
        assertThat(Instant.parse(troubles.at("/failing/since").asString())).isBefore(Instant.now());
        assertThat(service.json("/actuator/health/liveness").path("status").asString())
                .isEqualTo("UP");
    }

    @Test
    void scheduledTasksListsEveryCollectionByName() throws Exception {
        JsonNode tasks = service.json("/actuator/scheduledtasks").path("custom");
        assertThat(tasks.valueStream().map(task -> task.at("/runnable/target").asString()))
                .contains("collection quick", "collection cluster-metadata");
        assertThat(tasks.valueStream()
                        .filter(task -> task.at("/runnable/target").asString().equals("collection cluster-metadata"))
                        .map(task -> task.at("/nextExecution/time").isString()))
                .containsExactly(true);
    }

    @Test
    void everyMeterIsThere() throws Exception {
        String scrape = service.get("/actuator/prometheus").body();
        assertThat(scrape)
                .contains(
                        "collection_run_seconds_count{collection=\"quick\",collector=\"quick\",outcome=\"succeeded\"}")
                .contains("outcome=\"failed\"")
                .contains("collection_run_active{collection=\"slow\"}")
                .contains("collection_run_lateness_seconds_count{collection=\"quick\"}")
                .contains("collection_run_skipped_total{collection=\"slow\",reason=\"overlap\"}")
                .contains("collection_run_stuck{collection=\"quick\"} 0.0")
                .contains("collection_last_success{collection=\"quick\"}")
                .contains("collection_next_run{collection=\"quick\"}")
                .contains("collection_payload_bytes_count{collection=\"quick\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/collections",
                "/actuator/collections/quick",
                "/actuator/health",
                "/actuator/scheduledtasks"
            })
    void actuatorOnlyReads(String path) throws IOException, InterruptedException {
        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH"}) {
            assertThat(service.send(method, path).statusCode()).isIn(404, 405);
        }
    }

    @Test
    void actuatorOnlyReadsHoweverMuchIsExposed(@TempDir Path other) throws Exception {
        try (RunningService exposed = RunningService.start(other, "--management.endpoints.web.exposure.include=*")) {
            assertThat(exposed.send("GET", "/actuator/loggers/ROOT").statusCode())
                    .isEqualTo(200);
            assertThat(exposed.send("POST", "/actuator/loggers/ROOT").statusCode())
                    .isIn(404, 405);
            assertThat(exposed.send("POST", "/actuator/shutdown").statusCode()).isIn(404, 405);
        }
    }

    @Test
    void nothingSecretIsExposed() throws Exception {
        for (String path :
                new String[] {"env", "configprops", "beans", "heapdump", "threaddump", "loggers", "shutdown"}) {
            assertThat(service.send("GET", "/actuator/" + path).statusCode()).isEqualTo(404);
        }
        assertThat(service.get("/actuator/collections").body()).doesNotContain(service.token());
    }

    private static JsonNode collection(String name) throws IOException, InterruptedException {
        return service.json("/actuator/collections/" + name);
    }
}
