package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The README's first command, from the packaged jar. */
class QuickstartIT {

    @TempDir
    Path directory;

    @Test
    void collectsThisMachineAtOnceAndShowsHowToReadIt() throws IOException {
        try (ServiceProcess service = ServiceProcess.jar(directory, "--spring.profiles.active=quickstart")) {
            service.awaitRunning();
            JsonNode metadata = service.awaitCollection(
                    "cluster-metadata", status -> status.path("lastSuccessAt").isString());
            service.awaitCollection(
                    "resource-inventory", status -> status.path("lastSuccessAt").isString());

            assertThat(metadata.at("/lastRun/kind").asString()).isEqualTo("START");
            assertThat(Instant.parse(metadata.path("nextRunAt").asString())).isAfter(Instant.now());
            String path =
                    await().atMost(Duration.ofSeconds(10)).until(() -> payloadPath(service.log()), p -> p != null);
            JsonNode payload = service.get(path).path("payload");
            assertThat(payload.path("kind").asString()).isEqualTo("host");
            assertTrueOfThisMachine(payload.path("data"));
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(directory.resolve("data/api-token"))))
                    .isEqualTo("rw-------");

            service.sigterm();
            assertThat(service.awaitExit(Duration.ofSeconds(20))).isIn(0, 143);
        }
        try (ServiceProcess service = ServiceProcess.jar(directory, "--spring.profiles.active=quickstart")) {
            int before = payloads(service.log());
            service.awaitRunning();
            await().atMost(ServiceProcess.PATIENCE).until(() -> payloads(service.log()) == before + 2);
            assertThat(service.collection("cluster-metadata")
                            .at("/statistics/runs")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    private static @org.jspecify.annotations.Nullable String payloadPath(String log) {
        Matcher line = Pattern.compile("curl .*(/api/payloads/\\S+)").matcher(log);
        return line.find() ? line.group(1) : null;
    }

    private static int payloads(String log) {
        return (int) Pattern.compile("/api/payloads/").matcher(log).results().count();
    }

    private static void assertTrueOfThisMachine(JsonNode data) throws IOException {
        assumeThat(Path.of("/proc/meminfo")).exists();
        long processors = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("processor"))
                .count();
        long kilobytes = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
        long bootSeconds = Files.readAllLines(Path.of("/proc/stat")).stream()
                .filter(line -> line.startsWith("btime"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
        assertThat(data.at("/cpu/threads").asLong()).isEqualTo(processors);
        assertThat(data.at("/memory/totalBytes").asLong()).isEqualTo(kilobytes * 1024);
        assertThat(Instant.parse(data.at("/operatingSystem/bootTime").asString())
                        .getEpochSecond())
                .isEqualTo(bootSeconds);
    }
}
