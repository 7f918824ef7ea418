package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The one-shot commands of the packaged jar, and starts that are refused. */
class CommandsIT {

    @TempDir
    Path directory;

    record Result(int status, String out, String err) {}

    @Test
    void collectPrintsThePayloadAloneAndStoresNothing() throws Exception {
        Result result = run(Map.of(), "collect", "cluster-metadata", "--scheduler.source=host");

        assertThat(result.status()).as(result.err()).isZero();
        JsonNode payload = JsonMapper.builder().build().readTree(result.out());
        assertThat(payload.path("type").asString()).isEqualTo("cluster-metadata");
        assertThat(payload.at("/sanitization/salt").asString()).isEqualTo("ephemeral");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void collectNeedsNoDirectoryButTheServiceDoes() throws Exception {
        Path file = Files.createFile(directory.resolve("no-directory"));
        String setting = "--scheduler.store.directory=" + file;

        assertThat(run(Map.of(), "collect", "resource-inventory", "--scheduler.source=host", setting)
                        .status())
                .isZero();
        assertThat(run(Map.of(), "check", "--scheduler.source=host", setting).err())
                .contains("scheduler.store.directory = '" + file + "'");
        assertThat(run(Map.of(), "check", "--scheduler.source=host", setting, "--scheduler.store.type=memory")
                        .status())
                .isZero();
    }

    @Test
    void collectUsesTheStoredSaltBesideARunningService() throws Exception {
        try (ServiceProcess service = ServiceProcess.jar(directory, "--spring.profiles.active=quickstart")) {
            service.awaitRunning();
            service.awaitCollection(
                    "cluster-metadata", status -> status.path("lastSuccessAt").isString());
            JsonNode stored = service.get("/api/payloads?collection=cluster-metadata&limit=1")
                    .at("/payloads/0/payload");
            Result result = run(Map.of(), "collect", "cluster-metadata", "--scheduler.source=host");

            JsonNode payload = JsonMapper.builder().build().readTree(result.out());
            assertThat(payload.path("sanitization").has("salt")).isFalse();
            assertThat(payload.at("/data/clusterId")).isEqualTo(stored.at("/data/clusterId"));
        }
    }

    @Test
    void collectOfAnUnknownNameNamesTheKnownOnes() throws Exception {
        Result result = run(Map.of(), "collect", "nonsense", "--scheduler.source=host");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("cluster-metadata, resource-inventory");
    }

    @Test
    void aFailedCollectSaysWhyInOneLine() throws Exception {
        Result result = run(
                Map.of("KUBECONFIG", directory.resolve("no-such-kubeconfig").toString()),
                "collect",
                "cluster-metadata");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().filter(line -> line.contains("cluster-metadata failed: ")))
                .hasSize(1);
        assertThat(result.err()).doesNotContain("\tat ");
    }

    @Test
    void checkPrintsTheScheduleOrEveryMistake() throws Exception {
        Result right = run(
                Map.of("SCHEDULER_COLLECTIONS_CLUSTERMETADATA_INTERVAL", "60s"), "check", "--scheduler.source=host");
        assertThat(right.status()).as(right.err()).isZero();
        assertThat(right.out()).contains("cluster-metadata: collector cluster-metadata, every 1h (raised from 1m");

        assertThat(run(Map.of(), "check", "--spring.profiles.active=quickstart").out())
                .contains("cluster-metadata: ")
                .contains("first run at once (START)");

        Result wrong = run(
                Map.of(),
                "check",
                "--scheduler.source=",
                "--server.port=abc",
                "--management.server.port=9999",
                "--management.endpoints.access.max-permitted=unrestricted",
                "--scheduler.collections.cluster-metadata.interval=-5m",
                "--scheduler.collections.resource-inventory.timeout=soon",
                "--scheduler.nonsense=1",
                "--scheduler.collections.nobody.interval=1h");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err())
                .contains("scheduler.collections.cluster-metadata.interval = '-5m'")
                .contains("scheduler.collections.resource-inventory.timeout = 'soon'")
                .contains("scheduler.nonsense")
                .contains("scheduler.source: is empty")
                .contains("server.port = 'abc'")
                .contains("management.server.port = '9999'")
                .contains("management.endpoints.access.max-permitted = 'unrestricted'")
                .contains("scheduler.collections.nobody")
                .doesNotContain("\tat ");
    }

    @Test
    void previewShowsACollectionOrASchedule() throws Exception {
        Result collection = run(
                Map.of(),
                "preview",
                "nightly",
                "--count",
                "2",
                "--from",
                "2026-03-29T00:00Z",
                "--scheduler.source=host",
                "--scheduler.collections.nightly.collector=cluster-metadata",
                "--scheduler.collections.nightly.cron=30 2 * * *",
                "--scheduler.collections.nightly.zone=Europe/Berlin");
        assertThat(collection.status()).as(collection.err()).isZero();
        assertThat(collection.out()).isEqualTo("""
                nightly, cron '30 2 * * *' in Europe/Berlin
                local time in Europe/Berlin     UTC
                Sun 2026-03-29 03:00:00 +02:00  2026-03-29T01:00:00Z  moved: clocks skip 02:30 that day
                Mon 2026-03-30 02:30:00 +02:00  2026-03-30T00:30:00Z
                """);

        Result calendar = run(Map.of(), "preview", "--interval", "6h", "--count", "3", "--ical");
        assertThat(calendar.status()).as(calendar.err()).isZero();
        assertThat(calendar.out()).startsWith("BEGIN:VCALENDAR\r\n").endsWith("END:VCALENDAR\r\n");

        Result unknown = run(Map.of(), "preview", "nobody", "--scheduler.source=host");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("cluster-metadata, resource-inventory");
    }

    @Test
    void yamlVariablesAndCommandLineAreRead() throws Exception {
        Files.createDirectory(directory.resolve("config"));
        Files.writeString(directory.resolve("config/application.yaml"), """
                scheduler:
                  source: host
                  collections:
                    cluster-metadata:
                      interval: 2h
                    resource-inventory:
                      interval: 2h
                """);
        Result result = run(
                Map.of("SCHEDULER_COLLECTIONS_RESOURCEINVENTORY_INTERVAL", "3h"),
                "check",
                "--scheduler.collections.resource-inventory.timeout=7m");
        assertThat(result.out())
                .contains("cluster-metadata: collector cluster-metadata, every 2h, timeout 10m")
                .contains("resource-inventory: collector resource-inventory, every 3h, timeout 7m");
    }

    @Test
    void aDirectoryInUseAndAPortInUseRefuseTheStart() throws Exception {
        try (ServiceProcess first =
                ServiceProcess.jar(directory, "--scheduler.source=host").awaitRunning()) {
            Result second = run(Map.of(), "--scheduler.source=host", "--server.port=0");
            assertThat(second.status()).isEqualTo(1);
            assertThat(second.out())
                    .contains("scheduler.store.directory = ")
                    .contains("in use by another process, pid " + first.pid())
                    .doesNotContain("\tat ");
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Result refused = run(Map.of(), "--scheduler.source=host", "--server.port=" + taken.getLocalPort());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.out())
                    .contains("server.port = '" + taken.getLocalPort() + "'")
                    .doesNotContain("\tat ");
        }
    }

    private Result run(Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ServiceProcess.QUICK_START);
        command.addAll(List.of("-jar", ServiceProcess.JAR.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
