package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Several processes on one PostgreSQL, as operators see them. */
class ManyInstancesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private final String url = TestStores.emptyServer().url();
    private final List<ServiceProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(ServiceProcess::close);
    }

    @Test
    void allTellOneStoryAndAnotherConfigurationComesIntoForceOnceAllHaveIt() throws IOException {
        ServiceProcess first = start("first", "--scheduler.collections.quick.interval=2s");
        ServiceProcess second = start("second", "--scheduler.collections.quick.interval=2s");
        first.awaitRunning();
        second.awaitRunning();
        first.awaitCollection("quick", quick -> runs(quick) >= 2);
        assertThat(first.get("/actuator/collections").path("engine").asString()).isEqualTo("cluster");
        assertThat(ids(first)).hasSize(2).isEqualTo(ids(second));

        assertThat(meter(second, "collection.instances")).isEqualTo(2);
        assertThat(meter(second, "collection.instances.draining")).isZero();
        assertThat(Math.abs(meter(second, "collection.clock.difference"))).isLessThan(2);

        first.post("/api/collections/quick/pause");
        assertThat(second.collection("quick").path("state").asString()).isEqualTo("PAUSED");
        second.post("/api/collections/quick/resume");
        int before = runs(first.collection("quick"));
        second.awaitCollection("quick", quick -> runs(quick) > before);
        assertThat(second.post("/api/collections/quick/run?wait=20s")
                        .path("outcome")
                        .asString())
                .isEqualTo("SUCCEEDED");

        ServiceProcess other = start("other", "--scheduler.collections.quick.interval=3s");
        other.awaitRunning();
        String otherId = other.get("/actuator/collections").path("instance").asString();
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode trouble = first.get("/actuator/health").at("/components/collections/details/configuration");
            assertThat(trouble.path("problem").asString()).contains(otherId).contains("changes quick");
        });
        int rolled = runs(first.collection("quick"));
        first.awaitCollection("quick", quick -> runs(quick) >= rolled + 3);
        assertThat(other.log()).doesNotContain("run started");
        assertThat(interval(first)).isEqualTo("PT2S");

        first.sigterm();
        second.sigterm();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ids(other)).containsExactly(otherId);
            assertThat(other.log()).contains("all instances declare the same: it is in force");
        });
        int followed = runs(other.collection("quick"));
        other.awaitCollection("quick", quick -> runs(quick) >= followed + 2);
        assertThat(other.get("/actuator/health").path("status").asString()).isEqualTo("UP");
        assertThat(first.awaitExit(PATIENCE)).isIn(0, 143);
        assertThat(second.awaitExit(PATIENCE)).isIn(0, 143);
    }

    @Test
    void whatWasRunningInAKilledOneIsMadeByAnother() throws IOException {
        ServiceProcess first =
                start("first", "--scheduler.collections.slow.interval=1h", "--scenario.slowness-ms=8000");
        ServiceProcess second =
                start("second", "--scheduler.collections.slow.interval=1h", "--scenario.slowness-ms=8000");
        first.awaitRunning();
        second.awaitRunning();
        JsonNode running = first.awaitCollection(
                "slow", slow -> slow.at("/running/attempt").asInt(0) == 1);
        String maker = running.at("/running/instance").asString();
        boolean isFirst =
                maker.equals(first.get("/actuator/collections").path("instance").asString());

        (isFirst ? first : second).kill9();

        ServiceProcess survivor = isFirst ? second : first;
        JsonNode taken = survivor.awaitCollection(
                "slow", slow -> slow.at("/running/attempt").asInt(0) == 2);
        assertThat(taken.at("/running/instance").asString()).isNotEqualTo(maker);
        JsonNode last = survivor.awaitCollection(
                        "slow", slow -> slow.at("/lastRun/outcome").asString("").equals("SUCCEEDED"))
                .path("lastRun");
        assertThat(last.path("attempts").asInt()).isEqualTo(2);
    }

    @Test
    void oneAloneOnADatabaseKeepsOthersOut() {
        ServiceProcess alone = start("alone", "--scheduler.engine=local");
        alone.awaitRunning();
        assertThat(alone.get("/actuator/collections").path("engine").asString()).isEqualTo("local");

        ServiceProcess second = start("second", "--scheduler.engine=local");

        assertThat(second.awaitExit(PATIENCE)).isEqualTo(1);
        assertThat(second.log()).contains("scheduler.engine").contains("another instance uses the database");
    }

    private ServiceProcess start(String name, String... arguments) {
        Path own = directory.resolve(name);
        try {
            Files.createDirectories(own);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--spring.datasource.url=" + url);
        all.add("--scheduler.cluster.lease=6s");
        ServiceProcess process = ServiceProcess.withScenarios(own, all.toArray(String[]::new));
        processes.add(process);
        return process;
    }

    private static double meter(ServiceProcess process, String name) {
        return process.get("/actuator/metrics/" + name)
                .at("/measurements/0/value")
                .asDouble();
    }

    private static int runs(JsonNode collection) {
        return collection.at("/statistics/runs").asInt(0);
    }

    private static String interval(ServiceProcess process) {
        return process.collection("quick").at("/schedule/interval").asString();
    }

    private static List<String> ids(ServiceProcess process) {
        JsonNode instances = process.get("/actuator/collections").path("instances");
        return StreamSupport.stream(instances.spliterator(), false)
                .map(instance -> instance.path("id").asString())
                .toList();
    }
}
