package org.collectionscheduler.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.collectionscheduler.scenario.RunningService;
import org.collectionscheduler.scenario.ScenarioCollectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Everything under {@code /api}, over real HTTP. */
class ApiTests {

    @TempDir
    static Path directory;

    private static RunningService service;

    @BeforeAll
    static void start() throws IOException {
        service = RunningService.start(
                directory,
                "--scheduler.collections.quick.interval=31d",
                "--scheduler.collections.quick.max-offset=30d",
                "--scheduler.collections.slow.interval=31d",
                "--scheduler.collections.slow.max-offset=30d",
                "--scheduler.collections.unruly.interval=31d",
                "--scheduler.collections.unruly.max-offset=30d",
                "--scheduler.collections.failing.interval=31d",
                "--scheduler.collections.failing.max-offset=30d",
                "--scheduler.collections.halved.interval=1h",
                "--scheduler.collections.halved.enabled=false",
                "--scenario.slowness-ms=1500");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aDemandedRunStoresAPayloadAndDoesNotMoveTheRhythm() throws Exception {
        JsonNode before = service.json("/actuator/collections/quick");
        HttpResponse<String> first = service.post("/api/collections/quick/run?wait=30s");
        HttpResponse<String> second = service.post("/api/collections/quick/run?wait=30s");

        assertThat(first.statusCode()).isEqualTo(200);
        JsonNode run = RunningService.json(first);
        assertThat(run.path("outcome").asString()).isEqualTo("SUCCEEDED");
        assertThat(run.path("kind").asString()).isEqualTo("DEMAND");
        assertThat(run.path("completeness").asString()).isEqualTo("full");
        String payloadId = run.path("payloadId").asString();
        assertThat(RunningService.json(second).path("payloadId").asString()).isNotEqualTo(payloadId);
        JsonNode after = service.json("/actuator/collections/quick");
        assertThat(after.path("nextRunAt")).isEqualTo(before.path("nextRunAt"));
        assertThat(after.path("schedule")).isEqualTo(before.path("schedule"));

        JsonNode payload = service.json("/api/payloads/" + payloadId);
        assertThat(payload.path("payload").propertyNames())
                .containsExactly("version", "type", "kind", "data", "sanitization", "run", "sections", "cost");
        assertThat(payload.at("/payload/run").propertyNames())
                .containsExactly("id", "attempt", "kind", "scheduledAt", "startedAt", "finishedAt");
        assertThat(payload.at("/payload/cost").propertyNames())
                .containsExactly("requests", "retries", "bytesWire", "bytesDecoded", "durationMs");
        assertThat(payload.at("/payload/data/answer").asInt()).isEqualTo(42);
        assertThat(payload.at("/payload/run/id")).isEqualTo(run.path("id"));

        JsonNode newest = service.json("/api/payloads?collection=quick&limit=2").path("payloads");
        assertThat(newest.path(1).path("id").asString()).isEqualTo(payloadId);
        JsonNode detail = service.json("/api/runs/" + run.path("id").asString());
        assertThat(detail.at("/run/id")).isEqualTo(run.path("id"));
        assertThat(detail.path("attempts").path(0).path("outcome").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void aSecondRunIsRefusedWhileOneIsActive() throws Exception {
        HttpResponse<String> first = service.post("/api/collections/slow/run");
        HttpResponse<String> second = service.post("/api/collections/slow/run");

        assertThat(first.statusCode()).isEqualTo(202);
        String runId = RunningService.json(first).path("id").asString();
        assertThat(first.headers().firstValue("Location")).contains("/api/runs/" + runId);
        assertProblem(second, 409, runId);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.json("/api/runs/" + runId)
                        .at("/run/outcome")
                        .asString("")
                        .equals("SUCCEEDED"));
    }

    @Test
    void waitEndsWithTheRunOrWithThePatience() throws Exception {
        HttpResponse<String> failed = service.post("/api/collections/failing/run?wait=30s");
        assertThat(failed.statusCode()).isEqualTo(200);
        assertThat(RunningService.json(failed).path("outcome").asString()).isEqualTo("FAILED");
        assertThat(RunningService.json(failed).path("error").asString()).contains("password is wrong");

        assertProblem(service.post("/api/collections/quick/run?wait=forever"), 400, "forever");
        assertProblem(service.post("/api/collections/quick/run?wait=1h"), 400, "300s");
        assertProblem(service.post("/api/collections/quick/run?wait=30"), 400, "300s");
    }

    @Test
    void namesCompareWithoutCaseAndDashes() throws Exception {
        assertThat(service.post("/api/collections/QUICK/run?wait=30s").statusCode())
                .isEqualTo(200);
    }

    @Test
    void theSchemasOfPayloadsAreListed() throws Exception {
        Map<String, JsonNode> listed = new TreeMap<>();
        for (JsonNode schema : service.json("/api/schemas").path("schemas")) {
            assertThat(schema.propertyNames()).containsExactly("name", "collector", "id", "title");
            listed.put(schema.path("name").asString(), schema);
        }

        assertThat(listed.keySet()).containsExactly("cluster-metadata", "payload", "resource-inventory", "unruly");
        listed.forEach((name, schema) ->
                assertThat(schema.path("collector").asString(null)).isEqualTo(name.equals("payload") ? null : name));
        assertThat(Objects.requireNonNull(listed.get("cluster-metadata"))
                        .path("id")
                        .asString())
                .isEqualTo("urn:collection-scheduler:schema:cluster-metadata:host:1");
    }

    @Test
    void aSchemaIsServedAsItsAuthorWroteIt() throws Exception {
        HttpResponse<String> response = service.get("/api/schemas/UNRULY");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/schema+json");
        assertThat(response.body()).isEqualTo(ScenarioCollectors.UNRULY_SCHEMA);
        assertThat(service.json("/api/schemas/payload").path("title").asString())
                .isEqualTo("Payload, version 1");
        assertThat(service.send(
                                "GET",
                                "/api/schemas/cluster-metadata",
                                "Authorization",
                                "Bearer " + service.token(),
                                "Accept",
                                "text/html")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void dataThatDoesNotKeepItsSchemaFailsItsRunAndIsNotStored() throws Exception {
        JsonNode run = RunningService.json(service.post("/api/collections/unruly/run?wait=30s"));

        assertThat(run.path("outcome").asString()).isEqualTo("FAILED");
        assertThat(run.path("attempt").asInt()).isEqualTo(1);
        assertThat(run.path("error").asString())
                .contains("schema of unruly: /answer: type, /*: additionalProperties;", "GET /api/schemas/unruly");
        assertThat(run.toString()).doesNotContain("zqsecret", "zqname");
        assertThat(service.json("/api/payloads?collection=unruly").path("payloads"))
                .isEmpty();
    }

    @Test
    void whatDoesNotExistIsAProblemDocument() throws Exception {
        assertProblem(service.post("/api/collections/nobody/run"), 404, "cluster-metadata");
        assertProblem(service.post("/api/collections/halved/run"), 409, "disabled by configuration");
        assertProblem(service.get("/api/runs/none"), 404, "no run");
        assertProblem(service.get("/api/payloads/none"), 404, "no payload");
        assertProblem(service.get("/api/schemas/quick"), 404, "payload");
        assertProblem(service.get("/api/runs?limit=0"), 400, "between 1 and 1000");
        assertProblem(service.get("/api/payloads?limit=1001"), 400, "between 1 and 1000");
        assertProblem(service.get("/api/nothing"), 404, "");
        assertProblem(service.get("/api/collections/quick/run"), 405, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/runs/a%2Fb", "/api/runs/a%5Cb", "/api/runs/%00", "/api%2Fruns", "/%2E%2E%2Fx"})
    void whatTheServerItselfRefusesIsAProblemDocument(String path) throws Exception {
        assertProblem(service.get(path), 400, "%2F");
        assertProblem(service.send("GET", path), 400, "%2F");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/runs",
                "/api/payloads",
                "/api/schemas",
                "/api/runs/x",
                "/api/payloads/x",
                "/api/schemas/payload",
                "/api/nothing",
                "/api"
            })
    void nothingAnswersWithoutTheToken(String path) throws Exception {
        assertProblem(service.send("GET", path), 401, "Authorization");
        assertProblem(service.send("GET", path, "Authorization", "Bearer wrong"), 401, "Authorization");
        assertProblem(service.send("GET", path, "Authorization", "Basic " + service.token()), 401, "Authorization");
        assertProblem(service.send("POST", path), 401, "Authorization");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//api/payloads",
                "/api;a=b/payloads",
                "/%61pi/payloads",
                "/api/%2e%2e/api/payloads",
                "/./api/payloads",
                "/x/../api/payloads",
                "/API/payloads",
                "/api/payloads/",
                "/actuator/../api/payloads"
            })
    void noSpellingOfThePathGetsAroundTheToken(String path) throws IOException {
        assertThat(service.raw("GET " + path + " HTTP/1.1", "Host: localhost")).doesNotContain(" 200 ");
    }

    @Test
    void aDispatcherMountedElsewhereDoesNotGetAroundTheToken(@TempDir Path other) throws Exception {
        try (RunningService mounted = RunningService.start(other, "--spring.mvc.servlet.path=/elsewhere")) {
            assertThat(mounted.send("GET", "/elsewhere/api/payloads").statusCode())
                    .isEqualTo(401);
            assertThat(mounted.send("POST", "/elsewhere/api/collections/quick/run")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(mounted.get("/elsewhere/api/payloads").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void pagesOfAnotherOriginAreRefusedEvenWithTheToken() throws Exception {
        String bearer = "Bearer " + service.token();
        for (String path : Set.of("/api/payloads", "/actuator/collections", "/actuator/health")) {
            assertProblem(
                    service.send("GET", path, "Authorization", bearer, "Origin", "http://evil.example"), 403, "origin");
            assertProblem(service.send("GET", path, "Authorization", bearer, "Origin", "null"), 403, "origin");
            assertProblem(
                    service.send("GET", path, "Authorization", bearer, "Sec-Fetch-Site", "cross-site"), 403, "site");
            assertThat(service.raw("GET " + path + " HTTP/1.1", "Host: evil.example", "Authorization: " + bearer))
                    .contains(" 403 ");
        }
        HttpResponse<String> own = service.send(
                "GET", "/api/payloads", "Authorization", bearer, "Origin", "http://127.0.0.1:" + service.port());
        assertThat(own.statusCode()).isEqualTo(200);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String detail) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonNode problem = RunningService.json(response);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asString("")).contains(detail);
    }
}
