package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged program follows its changed file while it runs. */
class ReloadIT {

    private static final String HEAD = """
            scheduler:
              source: host
              collections:
                cluster-metadata: {enabled: false}
                resource-inventory: {enabled: false}
            """;

    @TempDir
    Path directory;

    @Test
    void aChangedFileIsFollowedAndAWrongOneIsNot() throws Exception {
        write(command("calm", "interval: 1h"), command("steady", "interval: 1h"), command("old", "interval: 1h"));
        try (ServiceProcess service = ServiceProcess.jar(directory)) {
            service.awaitRunning();
            service.awaitCollection("calm", ReloadIT::hasSucceeded);
            service.awaitCollection("old", ReloadIT::hasSucceeded);
            JsonNode steady = service.awaitCollection("steady", ReloadIT::hasSucceeded);
            assertThat(service.post("/api/collections/calm/pause?reason=maintenance")
                            .path("changed")
                            .asBoolean())
                    .isTrue();
            Instant anchor = Instant.parse(steady.path("nextRunAt").asString()).minus(Duration.ofHours(1));

            write(command("calm", "interval: 30m"), command("steady", "interval: 20m"), command("new", "interval: 1s"));
            JsonNode outcome = service.post("/api/reload?reason=more%20often");

            assertThat(names(outcome, "added")).containsExactly("new");
            assertThat(names(outcome, "changed")).containsExactly("calm", "steady");
            assertThat(names(outcome, "retired")).containsExactly("old");
            assertThat(names(outcome, "needsRestart")).isEmpty();
            assertThat(service.collection("calm").path("state").asString()).isEqualTo("PAUSED");
            assertThat(Instant.parse(
                            service.collection("steady").path("nextRunAt").asString()))
                    .isEqualTo(anchor.plus(Duration.ofMinutes(20)));
            assertThat(service.collection("steady").at("/statistics/runs").asInt())
                    .isEqualTo(1);
            assertThat(states()).contains("old RETIRED", "new ACTIVE");
            assertThat(service.get("/api/runs?collection=old").path("runs")).hasSize(1);
            service.awaitCollection(
                    "new", status -> status.at("/statistics/succeeded").asInt() >= 2);

            refuses(service);

            service.post("/api/collections/calm/resume");
            assertThat(Instant.parse(
                            service.collection("calm").path("nextRunAt").asString()))
                    .isBefore(Instant.now().plus(Duration.ofMinutes(31)));
            assertThat(service.log())
                    .contains("configuration reloaded added=[new] changed=[calm, steady] retired=[old]");
            service.kill9();
        }
        remembersAfterARestart();
    }

    private void refuses(ServiceProcess service) throws Exception {
        JsonNode steady = service.collection("steady");
        write(command("steady", "interval: 5x"), command("newer", "interval: 1s, intervall: zqsecret"));
        HttpResponse<String> refused =
                service.send(service.request("/api/reload").POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).doesNotContain("zqsecret");
        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(refused.body())
                        .path("mistakes")
                        .valueStream()
                        .map(mistake -> mistake.path("key").asString()))
                .containsExactlyInAnyOrder(
                        "scheduler.collections.steady.interval", "scheduler.collections.newer.intervall");
        assertThat(service.collection("steady")).isEqualTo(steady);
        assertThat(service.get("/api/collections")
                        .path("collections")
                        .valueStream()
                        .map(collection -> collection.path("name").asString()))
                .contains("calm", "new", "steady")
                .doesNotContain("newer", "old");
        write(command("calm", "interval: 30m"), command("steady", "interval: 20m"), command("new", "interval: 1s"));
    }

    private void remembersAfterARestart() {
        try (ServiceProcess service = ServiceProcess.jar(directory)) {
            service.awaitRunning();
            await().atMost(ServiceProcess.PATIENCE)
                    .until(() -> service.get("/api/audit").path("changes").size() == 6);
            assertThat(service.get("/api/audit")
                            .path("changes")
                            .valueStream()
                            .map(change -> change.path("action").asString() + " "
                                    + change.path("collection").asString() + " "
                                    + change.path("reason").asString("")))
                    .contains(
                            "register new more often",
                            "change calm more often",
                            "change steady more often",
                            "remove old more often");
            assertThat(service.collection("steady").at("/statistics/runs").asInt())
                    .isEqualTo(1);
        }
    }

    private static boolean hasSucceeded(JsonNode status) {
        return status.at("/statistics/succeeded").asInt() == 1
                && status.path("running").isNull();
    }

    private static List<String> names(JsonNode outcome, String field) {
        assertThat(outcome.path(field).isArray()).as(outcome.toString()).isTrue();
        return outcome.path(field).valueStream().map(JsonNode::asString).toList();
    }

    private List<String> states() throws SQLException {
        List<String> states = new java.util.ArrayList<>();
        try (Connection database =
                        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/scheduler.db"));
                ResultSet rows = database.createStatement().executeQuery("SELECT name, state FROM collection")) {
            while (rows.next()) {
                states.add(rows.getString(1) + " " + rows.getString(2));
            }
        }
        return states;
    }

    private static String command(String name, String schedule) {
        return "    " + name + ": {collector: command, " + schedule + ", parameters: {command: [echo, \"{}\"]}}\n";
    }

    private void write(String... collections) throws IOException {
        Files.createDirectories(directory.resolve("config"));
        Files.writeString(directory.resolve("config/application.yaml"), HEAD + String.join("", collections));
    }
}
