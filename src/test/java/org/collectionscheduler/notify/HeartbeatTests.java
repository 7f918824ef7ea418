package org.collectionscheduler.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.collectionscheduler.scenario.RunningService;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The dead man's switch, against a real HTTP server. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class HeartbeatTests {

    private static final String SECRET = "zqsecret";

    @TempDir
    Path directory;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private String url(int port) {
        return "http://127.0.0.1:" + port + "/ping/" + SECRET;
    }

    private RunningService start(String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--scheduler.heartbeat.interval=1s",
                "--scheduler.heartbeat.timeout=1s",
                "--scheduler.collections.failing.interval=31d",
                "--scheduler.collections.failing.max-offset=30d"));
        all.addAll(List.of(settings));
        return RunningService.start(directory, all.toArray(String[]::new));
    }

    private static double failures(RunningService service) {
        return service.bean(MeterRegistry.class)
                .get("collection.heartbeat.failures")
                .counter()
                .count();
    }

    @Test
    void itBeatsWhileTheServiceIsWellAndWhileOneCollectionIsSick(CapturedOutput output) throws Exception {
        Path file = Files.writeString(
                directory.resolve("url"), url(server.getAddress().getPort()) + "\n");
        try (RunningService service = start("--scheduler.heartbeat.url-file=" + file)) {
            service.post("/api/collections/failing/run?wait=30s");
            assertThat(service.json("/actuator/health")
                            .at("/components/collections/status")
                            .asString())
                    .isEqualTo("DEGRADED");
            int before = calls.size();
            await().atMost(Duration.ofSeconds(20)).until(() -> calls.size() >= before + 2);
            assertThat(calls).containsOnly("GET /ping/" + SECRET);
            assertThat(failures(service)).isZero();
        }
        int atStop = calls.size();
        assertThat(output).doesNotContain(SECRET);
        await().during(Duration.ofMillis(1500)).atMost(Duration.ofSeconds(5)).until(() -> calls.size() == atStop);
    }

    @Test
    void itDoesNotBeatWhileNothingCanBeStored() throws Exception {
        try (RunningService service = start(
                "--scheduler.store.type=memory",
                "--scheduler.heartbeat.url=" + url(server.getAddress().getPort()))) {
            await().atMost(Duration.ofSeconds(20)).until(() -> !calls.isEmpty());
            TestStores.refuseWrites(service.bean(Store.class));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !service.bean(Store.class).status().isWritable());
            int down = calls.size();
            await().during(Duration.ofMillis(2500))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> calls.size() <= down + 1);
            TestStores.acceptWrites(service.bean(Store.class));
            await().atMost(Duration.ofSeconds(20)).until(() -> calls.size() > down + 1);
        }
    }

    @Test
    void failuresAreCountedAndLoggedOncePerChangeWithoutTheUrl(CapturedOutput output) throws Exception {
        status.set(302);
        try (RunningService service =
                start("--scheduler.heartbeat.url=" + url(server.getAddress().getPort()))) {
            await().atMost(Duration.ofSeconds(20)).until(() -> failures(service) >= 2);
            assertThat(calls).as("no redirect is followed").containsOnly("GET /ping/" + SECRET);
            assertThat(output.getAll().split("heartbeat fails", -1)).hasSize(2);
            status.set(204);
            await().atMost(Duration.ofSeconds(20)).until(() -> output.getAll().contains("heartbeat succeeds again"));
            status.set(500);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> output.getAll().split("heartbeat fails", -1).length == 3);
            assertThat(service.get("/actuator/prometheus").body())
                    .contains("collection_heartbeat_failures_total")
                    .doesNotContain(SECRET);
            assertThat(service.get("/actuator/health").body()).doesNotContain(SECRET);
        }
        assertThat(output).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({"200,", "204,", "301,a redirect", "307,a redirect", "404,status 404", "503,status 503"})
    void onlyASuccessIsOne(int answered, @Nullable String reason) throws Exception {
        status.set(answered);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Optional<String> failure = new HeartbeatCall(
                            URI.create(url(server.getAddress().getPort())), Duration.ofSeconds(20), threads)
                    .make();
            assertThat(failure.isPresent()).isEqualTo(reason != null);
            assertThat(failure.orElse("")).contains(reason == null ? "" : reason);
            assertThat(calls).containsExactly("GET /ping/" + SECRET);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whoNeverAnswersHoldsNothingUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningService service = start("--scheduler.heartbeat.url=" + url(silent.getLocalPort()))) {
            await().atMost(Duration.ofSeconds(20)).until(() -> failures(service) >= 2);
            assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            long start = System.nanoTime();
            service.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host/zqsecret",
                "https:///zqsecret",
                "zqsecret",
                "https://user:zqsecret@host/",
                "http://a b/zqsecret",
                "http://host:99999/zqsecret"
            })
    void aWrongUrlIsReportedWithoutBeingShown(String url) throws IOException {
        assertThat(problems(url, null))
                .hasSize(1)
                .allSatisfy(problem -> assertThat(problem.toString())
                        .contains("scheduler.heartbeat.url")
                        .doesNotContain(SECRET));
        Path file = Files.writeString(directory.resolve("wrong"), url);
        assertThat(problems(null, file))
                .hasSize(1)
                .allSatisfy(problem -> assertThat(problem.toString())
                        .contains("scheduler.heartbeat.url-file", file.toString())
                        .doesNotContain(SECRET));
    }

    @Test
    void everyBoundIsChecked() {
        assertThat(problems(null, directory.resolve("none"))).hasSize(1);
        assertThat(problems(null, Path.of(url(1))))
                .as("the URL where its file belongs")
                .singleElement()
                .asString()
                .doesNotContain(SECRET);
        assertThat(problems("https://host/", directory.resolve("none"))).hasSize(1);
        assertThat(new HeartbeatProperties(url(1), null, Duration.ofSeconds(60), Duration.ofSeconds(1)).toString())
                .doesNotContain(SECRET);
        assertThat(check(new HeartbeatProperties(null, null, Duration.ofMillis(999), Duration.ofMillis(1))))
                .extracting(Problem::key)
                .containsExactly("scheduler.heartbeat.interval");
        assertThat(check(new HeartbeatProperties(null, null, Duration.ofSeconds(5), Duration.ofSeconds(6))))
                .extracting(Problem::key)
                .containsExactly("scheduler.heartbeat.timeout");
    }

    private static List<Problem> problems(@Nullable String url, @Nullable Path file) {
        return check(new HeartbeatProperties(url, file, Duration.ofSeconds(60), Duration.ofSeconds(10)));
    }

    private static List<Problem> check(HeartbeatProperties properties) {
        List<Problem> problems = new ArrayList<>();
        properties.check(problems::add);
        return problems;
    }
}
