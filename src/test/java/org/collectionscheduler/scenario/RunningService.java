package org.collectionscheduler.scenario;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.collectionscheduler.CollectionSchedulerApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service inside the test's process, listening on a free port of loopback, with the scenario collectors. */
public final class RunningService implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final ConfigurableApplicationContext context;
    private final int port;
    private final String token;

    private RunningService(ConfigurableApplicationContext context, Path directory) throws IOException {
        this.context = context;
        this.port = java.util.Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort();
        this.token = Files.readString(directory.resolve("api-token")).trim();
    }

    /** @param directory of the store */
    public static RunningService start(Path directory, String... settings) throws IOException {
        List<String> all = Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--scheduler.source=host",
                                "--scenario.collectors=true",
                                "--scheduler.store.directory=" + directory),
                        Stream.of(settings))
                .toList();
        return new RunningService(
                new SpringApplicationBuilder(CollectionSchedulerApplication.class)
                        .web(WebApplicationType.SERVLET)
                        .run(all.toArray(String[]::new)),
                directory);
    }

    public <T> T bean(Class<T> type) {
        return type.isInstance(context) ? type.cast(context) : context.getBean(type);
    }

    public int port() {
        return port;
    }

    /** With the token. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "Authorization", "Bearer " + token);
    }

    /** With the token. */
    public HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send("POST", path, "Authorization", "Bearer " + token);
    }

    public HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public JsonNode json(String path) throws IOException, InterruptedException {
        return MAPPER.readTree(get(path).body());
    }

    public static JsonNode json(HttpResponse<String> response) {
        return MAPPER.readTree(response.body());
    }

    /** The status line of a request written byte by byte, for what a client library would not send. */
    public String raw(String requestLine, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String request = Stream.concat(Stream.of(requestLine), Stream.of(headers))
                    .collect(Collectors.joining("\r\n", "", "\r\nConnection: close\r\n\r\n"));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String status = reader.readLine();
            return status == null ? "" : status;
        }
    }

    public String token() {
        return token;
    }

    @Override
    public void close() {
        context.close();
    }
}
