package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A store that takes no more writes while the service runs, and takes them again. */
class StoreTroubleIT {

    @TempDir
    Path directory;

    /** The operating system refuses to let files grow, as on a full disk, without the need to fill one. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsToldAndRecoveredFrom() throws Exception {
        List<String> limited = List.of("prlimit", "--fsize=1500000:", "--");
        try (ServiceProcess service = ServiceProcess.withScenarios(
                limited,
                directory,
                "--scheduler.collections.quick.interval=1s",
                "--logging.file.name=",
                "--scenario.slowness-ms=10")) {
            service.awaitRunning();
            service.awaitCollection(
                    "quick", status -> status.at("/statistics/succeeded").asInt() >= 2);
            fill(service);
            await().atMost(ServiceProcess.PATIENCE)
                    .until(() -> health(service).path("status").asString("").equals("DOWN"));
            assertThat(health(service).at("/details/store/problem").asString()).isNotBlank();
            assertThat(service.get("/actuator/health/liveness").path("status").asString())
                    .isEqualTo("UP");
            int before = service.collection("quick").at("/statistics/runs").asInt();

            prlimit(service.pid(), "unlimited:");
            await().atMost(ServiceProcess.PATIENCE)
                    .until(() -> health(service).path("status").asString("").equals("UP"));
            service.awaitCollection(
                    "quick", status -> status.at("/statistics/runs").asInt() > before + 2);
            JsonNode runs = service.get("/api/runs?collection=quick&limit=100").path("runs");
            assertThat(runs.valueStream()
                            .filter(run -> run.path("kind").asString().equals("CATCH_UP"))
                            .count())
                    .isLessThanOrEqualTo(1);
            assertThat(history("quick")).doesNotHaveDuplicates();
        }
    }

    /** Lowers the limit to what the largest file has already. */
    private void fill(ServiceProcess service) throws Exception {
        long largest = Math.max(size("scheduler.db"), size("scheduler.db-wal"));
        prlimit(service.pid(), (largest / 2) + ":");
    }

    private long size(String file) throws IOException {
        Path path = directory.resolve("data").resolve(file);
        return Files.exists(path) ? Files.size(path) : 0;
    }

    private static JsonNode health(ServiceProcess service) {
        return service.get("/actuator/health").at("/components/collections");
    }

    private static void prlimit(long pid, String limit) throws Exception {
        Process process = new ProcessBuilder("prlimit", "--pid", String.valueOf(pid), "--fsize=" + limit)
                .inheritIO()
                .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private List<String> history(String collection) throws IOException {
        return Files.readAllLines(directory.resolve("history")).stream()
                .filter(line -> line.startsWith("begin " + collection + " "))
                .toList();
    }
}
