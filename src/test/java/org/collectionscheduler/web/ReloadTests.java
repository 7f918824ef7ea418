package org.collectionscheduler.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.collectionscheduler.catalog.Collections;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.scenario.RunningService;
import org.collectionscheduler.schedule.Rhythm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A reload over real HTTP, of files that Boot finds. */
class ReloadTests {

    private static final String BUILT_IN = """
            scheduler:
              collections:
                cluster-metadata: {enabled: false}
                resource-inventory: {enabled: false}
                retention: {enabled: false}
            """;

    private static final String ALPHA = "    alpha: {collector: quick, interval: 24h, max-offset: 20h}\n";

    @TempDir
    Path directory;

    private RunningService service;

    @BeforeEach
    void start() throws IOException {
        write("application.yaml", BUILT_IN + ALPHA);
        service = RunningService.start(
                directory,
                "--spring.config.additional-location=file:" + directory + "/",
                "--scheduler.defaults.timeout=5m",
                "--spring.profiles.active=night");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void itIsAskedForWithTheTokenAndFromNoOtherOrigin() throws Exception {
        assertThat(service.send("POST", "/api/reload").statusCode()).isEqualTo(401);
        assertThat(service.send(
                                "POST",
                                "/api/reload",
                                "Authorization",
                                "Bearer " + service.token(),
                                "Origin",
                                "http://example.org")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whatIsUnchangedIsCountedAndNothingElseHappens() throws Exception {
        JsonNode before = service.json("/api/collections/alpha");

        JsonNode outcome = reload();

        assertThat(outcome.path("unchanged").asInt()).isEqualTo(4);
        assertThat(names(outcome, "added")).isEmpty();
        assertThat(names(outcome, "changed")).isEmpty();
        assertThat(names(outcome, "retired")).isEmpty();
        assertThat(names(outcome, "needsRestart")).isEmpty();
        assertThat(service.json("/api/collections/alpha")).isEqualTo(before);
        assertThat(service.json("/api/audit").path("changes")).isEmpty();
    }

    @Test
    void itIsToldWhatChangedAndKeptWhereItCameFromAndWhy() throws Exception {
        write("application.yaml", BUILT_IN + "    beta: {collector: quick, interval: 24h}\n");

        JsonNode outcome = RunningService.json(service.post("/api/reload?reason=new%20year"));

        assertThat(names(outcome, "added")).containsExactly("beta");
        assertThat(names(outcome, "retired")).containsExactly("alpha");
        assertThat(service.get("/api/collections/alpha").statusCode()).isEqualTo(404);
        JsonNode changes = service.json("/api/audit").path("changes");
        assertThat(changes).hasSize(2).allSatisfy(change -> {
            assertThat(change.path("origin").asString()).isEqualTo("api 127.0.0.1");
            assertThat(change.path("reason").asString()).isEqualTo("new year");
        });
        await().untilAsserted(() -> assertThat(service.json("/api/collections/beta")
                        .at("/lastRun/outcome")
                        .asString())
                .isEqualTo("SUCCEEDED"));
        assertThat(service.get("/actuator/prometheus").body())
                .contains("collection_next_run_seconds{collection=\"beta\"}".replace("_seconds", ""));
    }

    @Test
    void oneReloadComesAfterTheOther() throws Exception {
        write("application.yaml", BUILT_IN + ALPHA + ALPHA.replace("alpha", "beta"));

        List<CompletableFuture<JsonNode>> reloads = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return reload();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .limit(4)
                .toList();

        assertThat(reloads.stream().map(reload -> names(reload.join(), "added")))
                .containsExactlyInAnyOrder(List.of("beta"), List.of(), List.of(), List.of());
        assertThat(service.json("/api/audit").path("changes")).hasSize(1);
    }

    @Test
    void profilesImportsAndPlaceholdersCountAnewAndArgumentsStillWin() throws Exception {
        write("application-night.yaml", "scheduler.defaults.timeout: 9m\n");
        write("more.yaml", "gap: 6h\nscheduler.collections.gamma: {collector: quick, interval: \"${gap}\"}\n");
        write("application.yaml", "spring.config.import: more.yaml\n" + BUILT_IN + ALPHA.replace("24h", "12h"));

        JsonNode outcome = reload();

        assertThat(names(outcome, "added")).containsExactly("gamma");
        assertThat(names(outcome, "changed")).containsExactly("alpha");
        assertThat(names(outcome, "needsRestart")).containsExactly("gap");
        JsonNode gamma = service.json("/api/collections/gamma");
        assertThat(gamma.toString()).contains("PT6H");
        write("application-night.yaml", "scheduler.collections.gamma.labels.tier: gold\n");
        assertThat(names(reload(), "changed")).containsExactly("gamma");
        assertThat(service.json("/api/collections?label=tier=gold").path("collections"))
                .hasSize(1);
    }

    @Test
    void whatCannotBeChangedLiveIsNamedWithoutItsValueUntilItIsAsBefore() throws Exception {
        write("application.yaml", """
                server.port: 18999
                logging.level.zqlogger: DEBUG
                scheduler:
                  max-concurrent-runs: 3
                  run-on-start: always
                  heartbeat.url: http://127.0.0.1:9/zqsecret
                  defaults.suspend-after: 7
                """ + BUILT_IN.replace("scheduler:\n", "") + ALPHA);

        HttpResponse<String> response = service.post("/api/reload");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).doesNotContain("zqsecret");
        assertThat(names(RunningService.json(response), "needsRestart"))
                .as("the port is an argument, too, which wins")
                .containsExactly(
                        "logging.level.zqlogger",
                        "scheduler.heartbeat.url",
                        "scheduler.max-concurrent-runs",
                        "scheduler.run-on-start");
        assertThat(names(RunningService.json(response), "changed")).hasSize(4);
        assertThat(names(reload(), "needsRestart")).hasSize(4);
        write("application.yaml", BUILT_IN + ALPHA);
        assertThat(names(reload(), "needsRestart")).isEmpty();
    }

    @Test
    void everyMistakeIsNamedNoSecretIsShownAndNothingChanges() throws Exception {
        JsonNode before = service.json("/api/collections");
        write(
                "application.yaml",
                BUILT_IN
                        + "    alpha: {collector: quick, interval: 6x}\n"
                        + "    beta: {collector: nowhere, interval: 1h}\n"
                        + "    gamma: {collector: quick, interval: 1h, pasword: zqsecret}\n"
                        + "    delta: {collector: quick, interval: 1h}\n"
                        + "management.server.port: 1\n");

        HttpResponse<String> response = service.post("/api/reload");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).doesNotContain("zqsecret");
        JsonNode mistakes = RunningService.json(response).path("mistakes");
        assertThat(mistakes.valueStream().map(mistake -> mistake.path("key").asString()))
                .containsExactlyInAnyOrder(
                        "scheduler.collections.alpha.interval",
                        "scheduler.collections.beta.collector",
                        "scheduler.collections.gamma.pasword",
                        "management.server.port");
        assertThat(mistakes).allSatisfy(mistake -> {
            assertThat(mistake.path("wrong").asString()).isNotBlank();
            assertThat(mistake.path("remedy").asString()).isNotBlank();
        });
        assertThat(mistakes.valueStream().map(mistake -> mistake.path("value").asString("")))
                .contains("6x", "nowhere");
        assertThat(service.json("/api/collections")).isEqualTo(before);
        assertThat(service.json("/api/audit").path("changes")).isEmpty();
    }

    @Test
    void aFileThatIsNoYamlIsNamedWithTheLineAndWithoutItsText() throws Exception {
        write("application.yaml", BUILT_IN + "    alpha: {collector: quick, interval: \"zqsecret}\n    x: y\n");

        HttpResponse<String> response = service.post("/api/reload");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("application.yaml", "line ").doesNotContain("zqsecret");
        write("application.yaml", "spring.config.import: missing.yaml\n" + BUILT_IN);
        assertThat(service.post("/api/reload").statusCode()).isEqualTo(422);
        assertThat(service.post("/api/reload").body()).contains("missing.yaml");
        write("application.yaml", "spring.config.import: ${one}\none: ${two}zqsecret\ntwo: ${one}\n" + BUILT_IN);
        assertThat(service.post("/api/reload").statusCode()).isEqualTo(422);
        assertThat(service.post("/api/reload").body()).doesNotContain("zqsecret");
        assertThat(service.get("/api/collections/alpha").statusCode()).isEqualTo(200);
    }

    @Test
    void whatCodeHasRegisteredIsNoNameForTheConfiguration() throws Exception {
        service.bean(Collections.class)
                .register(
                        "prices",
                        new Rhythm.Interval(Duration.ofDays(1)),
                        context -> Collected.of("prices", java.util.Map.of()));
        write("application.yaml", BUILT_IN + "    prices: {collector: quick, interval: 1h}\n");

        HttpResponse<String> response = service.post("/api/reload");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(RunningService.json(response).at("/mistakes/0/key").asString())
                .isEqualTo("scheduler.collections.prices");
        assertThat(service.get("/api/collections/alpha").statusCode()).isEqualTo(200);
        assertThat(service.get("/api/collections/prices").statusCode()).isEqualTo(200);
    }

    private JsonNode reload() throws Exception {
        HttpResponse<String> response = service.post("/api/reload");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return RunningService.json(response);
    }

    private static List<String> names(JsonNode outcome, String field) {
        assertThat(outcome.path(field).isArray()).as(outcome.toString()).isTrue();
        return outcome.path(field).valueStream().map(JsonNode::asString).toList();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
    }
}
