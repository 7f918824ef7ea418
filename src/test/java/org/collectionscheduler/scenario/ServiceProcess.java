package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service as a process of its own, driven over HTTP and signals. */
final class ServiceProcess implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final Path JAR = Path.of("target", "collection-scheduler.jar").toAbsolutePath();

    /** Most of what a process costs here is its start, for which the JVM need not compile twice. */
    static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final Path directory;
    private final int port;
    private final Process process;
    private final Path log;

    private ServiceProcess(Path directory, int port, Process process, Path log) {
        this.directory = directory;
        this.port = port;
        this.process = process;
        this.log = log;
    }

    /** The packaged program, with {@code directory} as its working directory. */
    static ServiceProcess jar(Path directory, String... arguments) {
        return jar(Map.of(), directory, arguments);
    }

    /** @param variables of its environment, beside the test's own */
    static ServiceProcess jar(Map<String, String> variables, Path directory, String... arguments) {
        return start(directory, variables, List.of(), List.of("-jar", JAR.toString()), List.of(arguments));
    }

    /** The same program from the class path of the tests, with their collectors in place of the built-in ones' run. */
    static ServiceProcess withScenarios(Path directory, String... arguments) {
        return withScenarios(List.of(), directory, arguments);
    }

    /** @param launcher a command that starts the command that follows it */
    static ServiceProcess withScenarios(List<String> launcher, Path directory, String... arguments) {
        return withScenarios(launcher, List.of(), directory, arguments);
    }

    /** @param heap its largest, such as {@code 256m} */
    static ServiceProcess withScenariosAndHeap(String heap, Path directory, String... arguments) {
        return withScenarios(List.of(), List.of("-Xmx" + heap), directory, arguments);
    }

    private static ServiceProcess withScenarios(
            List<String> launcher, List<String> options, Path directory, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--scenario.collectors=true",
                "--scenario.history=" + directory.resolve("history"),
                "--scheduler.source=host",
                "--scheduler.collections.cluster-metadata.enabled=false",
                "--scheduler.collections.resource-inventory.enabled=false"));
        all.addAll(List.of(arguments));
        List<String> program = new ArrayList<>(options);
        program.addAll(programOnClassPath());
        return start(directory, Map.of(), launcher, program, all);
    }

    private static List<String> programOnClassPath() {
        return List.of(
                "-cp", System.getProperty("java.class.path"), "org.collectionscheduler.CollectionSchedulerApplication");
    }

    private static ServiceProcess start(
            Path directory,
            Map<String, String> variables,
            List<String> launcher,
            List<String> program,
            List<String> arguments) {
        int port = freePort();
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK_START);
        command.add("-Xmx3g");
        command.addAll(program);
        command.add("--server.port=" + port);
        command.addAll(arguments);
        Path log = directory.resolve("service.log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(variables);
            return new ServiceProcess(directory, port, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ServiceProcess awaitRunning() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            assertThat(process.isAlive()).as(log()).isTrue();
            return get("/actuator/collections").path("state").asString("").equals("RUNNING");
        });
        return this;
    }

    /** The body as JSON; a missing node when nothing answers. */
    JsonNode get(String path) {
        try {
            HttpResponse<String> response = send(request(path).GET());
            return response.body().startsWith("{") ? MAPPER.readTree(response.body()) : MAPPER.missingNode();
        } catch (IOException e) {
            return MAPPER.missingNode();
        }
    }

    JsonNode collection(String name) {
        return get("/actuator/collections/" + name);
    }

    JsonNode post(String path) throws IOException {
        return MAPPER.readTree(
                send(request(path).POST(HttpRequest.BodyPublishers.noBody())).body());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** A request with the token. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(40));
        Path token = directory.resolve("data").resolve("api-token");
        return Files.exists(token)
                ? builder.header("Authorization", "Bearer " + read(token).trim())
                : builder;
    }

    JsonNode awaitCollection(String name, Predicate<JsonNode> condition) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> condition.test(collection(name)));
        return collection(name);
    }

    void kill9() {
        process.destroyForcibly();
        awaitExit(PATIENCE);
    }

    void sigterm() {
        process.destroy();
    }

    /** Waits for the end of the process and returns its status. */
    int awaitExit(Duration patience) {
        try {
            assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                    .as("ended within " + patience + ":\n" + log())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    int port() {
        return port;
    }

    String log() {
        return read(log);
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try {
            return Ports.free();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
