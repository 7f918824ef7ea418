package org.collectionscheduler.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.scenario.Ports;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An instance of a play: the whole service in a process of its own. */
final class PlayedInstance implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Path directory;
    private final int port;
    private final String token;
    private final Process process;
    private final CompletableFuture<Instant> death;
    private final List<Span> frozen = new CopyOnWriteArrayList<>();

    private PlayedInstance(Path directory, int port, String token, Process process) {
        this.directory = directory;
        this.port = port;
        this.token = token;
        this.process = process;
        this.death = process.onExit().thenApply(ended -> Instant.now());
    }

    /**
     * What all instances of a play have in common.
     *
     * @param configuration a file with the settings
     * @param tokenFile holds the token of the API
     */
    record Common(String databaseUrl, Path configuration, Path tokenFile) {}

    /** @param directory its own, made here */
    static PlayedInstance start(Path directory, Common common) throws IOException {
        Files.createDirectories(directory);
        int port = Ports.free();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "org.collectionscheduler.CollectionSchedulerApplication",
                "--server.port=" + port,
                "--spring.datasource.url=" + common.databaseUrl() + "&socketFactory=" + BreakingSockets.class.getName()
                        + "&socketFactoryArg=" + URLEncoder.encode(directory.toString(), StandardCharsets.UTF_8),
                "--spring.config.additional-location=file:" + common.configuration(),
                "--scheduler.api.token-file=" + common.tokenFile(),
                "--" + PlayedCollectors.HISTORY + "=" + directory.resolve("history"),
                "--" + PlayedCollectors.CONTROLS + "=" + directory));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("service.log").toFile())
                .start();
        return new PlayedInstance(
                directory, port, Files.readString(common.tokenFile()).trim(), process);
    }

    long pid() {
        return process.pid();
    }

    Path directory() {
        return directory;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** When its process ended; null while it has not. */
    @Nullable Instant diedAt() {
        return death.getNow(null);
    }

    /** When it was stopped from outside. */
    List<Span> frozen() {
        return List.copyOf(frozen);
    }

    boolean isServing() {
        return get("/actuator/collections").path("state").asString("").equals("RUNNING");
    }

    /** The body as JSON; a missing node when nothing answers. */
    JsonNode get(String path) {
        return send(request(path).GET());
    }

    JsonNode post(String path) {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + token);
    }

    private static JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return response.body().startsWith("{") ? MAPPER.readTree(response.body()) : MAPPER.missingNode();
        } catch (IOException e) {
            return MAPPER.missingNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return MAPPER.missingNode();
        }
    }

    /** Ahead by so much from now on, or behind. */
    void setSkew(Duration skew) throws IOException {
        Control.skew(directory).set(skew.toMillis());
    }

    void setBreaks(int ofAThousand) throws IOException {
        Control.breaks(directory).set(ofAThousand);
    }

    void kill9() throws InterruptedException {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(30));
    }

    void sigterm() {
        process.destroy();
    }

    /** False when it has not ended by then. */
    boolean awaitExit(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @param asleep returns when it is to go on */
    void freeze(Sleep asleep) throws IOException, InterruptedException {
        Instant from = Instant.now();
        signal("STOP");
        try {
            asleep.pass();
        } finally {
            signal("CONT");
            frozen.add(new Span(from, Instant.now()));
        }
    }

    /** Lets time pass. */
    interface Sleep {
        void pass() throws InterruptedException;
    }

    private void signal(String name) throws IOException, InterruptedException {
        boolean unused = new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                .inheritIO()
                .start()
                .waitFor(10, TimeUnit.SECONDS);
    }

    List<String> log() throws IOException {
        return Files.readAllLines(directory.resolve("service.log"));
    }

    /** A process that was stopped can be killed, too. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return directory.getFileName() + " (" + pid() + ")";
    }
}
