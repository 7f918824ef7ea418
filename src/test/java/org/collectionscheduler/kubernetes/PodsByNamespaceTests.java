package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.Pseudonyms;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods are counted in the way that asks less, and truly in both. */
@Timeout(30)
class PodsByNamespaceTests {

    private static final String IN_EACH = "/api/v1/namespaces/*/pods";

    @TempDir
    Path directory;

    private final FakeCluster cluster = FakeCluster.of(10, 3000, 1);
    private final FakeKubernetesApi api = FakeKubernetesApi.start(cluster);

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "150000, 10, true",
        "150000, 1000, true",
        "150000, 10000, false",
        "50000, 1000, true",
        "50000, 10000, false",
        "5000, 10, true",
        "5000, 1000, false",
        "100, 10, false",
        "501, 2, true"
    })
    void weighsRequestsAgainstBytes(int pods, int namespaces, boolean oneByOne) {
        assertThat(PodsByNamespace.costOfNamespaces(namespaces, 3_300) < PodsByNamespace.costOfPages(pods, 500, 3_300))
                .isEqualTo(oneByOne);
    }

    @Test
    void asksOnceForEachOfAFewNamespacesAtOneState() throws Exception {
        Collected collected = collect(Kube.FAST, Duration.ofSeconds(30));

        new InventoryTruth(cluster).assertWhole(collected);
        assertThat(api.requests(Kube.PODS)).hasSize(1);
        String version = version(collected);
        assertThat(inEach())
                .hasSize(10)
                .allSatisfy(request -> assertThat(request.query())
                        .containsOnly(
                                Map.entry("limit", "1"),
                                Map.entry("resourceVersion", version),
                                Map.entry("resourceVersionMatch", "Exact")));
        assertThat(pods(collected).countMethod()).isEqualTo("remaining-item-count");
        assertThat(collected.cost().requests()).isEqualTo(api.requests().size());
        assertThat(collected.cost().bytesWire()).isEqualTo(api.bytesWire());
    }

    @Test
    void hasFourRequestsInFlightAtMost() throws Exception {
        api.delay(Duration.ofMillis(100));

        collect(Kube.FAST, Duration.ofSeconds(30));

        assertThat(api.mostInFlight()).isEqualTo(4);
        assertThat(api.connections()).isLessThanOrEqualTo(5);
    }

    @Test
    void readsPagesWhereTheRateWouldMakeItTooLong() throws Exception {
        FakeCluster many = FakeCluster.of(120, 6000, 1);
        try (FakeKubernetesApi other = FakeKubernetesApi.start(many);
                Kube kube = Kube.of(other.writeKubeconfig(directory.resolve("other")), 20, Kube.QUICK)) {
            Collected collected =
                    kube.inventory(new TestContext(Duration.ofSeconds(11), Pseudonyms.NamespaceNames.PLAIN));

            new InventoryTruth(many).assertWhole(collected);
            assertThat(other.requests(Kube.PODS)).hasSize(1 + 12);
        }
    }

    /** Several attempts at once, over the same gate. */
    @Test
    void theBoundsAreThoseOfTheWholeProcess() throws Exception {
        api.delay(Duration.ofMillis(100));
        int rate = 50;
        ExecutorService threads = Executors.newFixedThreadPool(3, new NamedThreads("attempt"));
        try (Kube kube = Kube.of(api.writeKubeconfig(directory.resolve("config")), rate, Kube.QUICK)) {
            long start = System.nanoTime();
            // Threads of their own, as in the service: the HTTP client completes its futures in the common pool.
            List<Future<Collected>> attempts = Stream.<Callable<Collected>>generate(() -> kube::inventory)
                    .limit(3)
                    .map(threads::submit)
                    .toList();
            for (Future<Collected> attempt : attempts) {
                Collected collected = attempt.get(25, TimeUnit.SECONDS);
                assertThat(collected.full()).as("%s", collected.sections()).isTrue();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(api.mostInFlight()).isBetween(3, 4);
            assertThat(took)
                    .isGreaterThanOrEqualTo(
                            Duration.ofSeconds(api.requests().size() - 1L).dividedBy(rate));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aServerThatIsSlowerThanItSeemedLeavesTheTotalAndTheOtherKinds() throws Exception {
        api.misbehave(IN_EACH, Misbehaviour.slow(Duration.ofMillis(1_500)));

        Collected collected = collect(Kube.FAST, Duration.ofSeconds(6));

        new InventoryTruth(cluster).assertNothingFalse(collected);
        assertThat(pods(collected).reason()).contains("only the total is known", "10 namespaces", "half of the time");
        assertThat(Kube.at(collected, "resources", "customResourceDefinitions")).isNotNull();
    }

    /** Servers forget states; what is counted then is true of some later one. */
    @Test
    void goesOnAtLaterStatesWhenTheFirstOneIsForgotten() throws Exception {
        api.misbehave(IN_EACH, Misbehaviour.status(410), 1);

        Collected collected = collect(Kube.FAST, Duration.ofSeconds(30));

        new InventoryTruth(cluster).assertWhole(collected);
        assertThat(pods(collected).countMethod()).isEqualTo("inconsistent");
        assertThat(pods(collected).consistency()).contains("resourceVersion=", "at later states");
    }

    @Test
    void goesOnAtLaterStatesWhereAServerKnowsNoOtherWay() throws Exception {
        api.misbehave(IN_EACH, Misbehaviour.status(400), 1);

        Collected collected = collect(Kube.FAST, Duration.ofSeconds(30));

        new InventoryTruth(cluster).assertWhole(collected);
        assertThat(pods(collected).countMethod()).isEqualTo("inconsistent");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500})
    void knowsTheTotalWhenNamespacesCannotBeCounted(int status) throws Exception {
        api.misbehave(IN_EACH, Misbehaviour.status(status));

        Collected collected = collect(Kube.FAST, Duration.ofSeconds(30));

        new InventoryTruth(cluster).assertNothingFalse(collected);
        assertThat(pods(collected).status()).isEqualTo(Section.Status.PARTIAL);
        assertThat(pods(collected).reason()).contains("only the total is known", "list pods");
        assertThat(Kube.at(collected, "resources", "pods", "total")).isEqualTo(3000L);
        assertThat(Kube.at(collected, "resources", "pods", "byNamespace")).isNull();
        assertThat(inEach().size()).isLessThanOrEqualTo(4 * 3);
    }

    @Test
    void readsPagesWhereNamespacesAreNotKnown() throws Exception {
        api.misbehave(Kube.NAMESPACES, Misbehaviour.status(403));

        Collected collected = collect(Kube.FAST, Duration.ofSeconds(30));

        new InventoryTruth(cluster).assertNothingFalse(collected);
        assertThat(pods(collected).countMethod()).isEqualTo("exact");
        assertThat(api.requests(Kube.PODS)).hasSize(1 + 6);
    }

    private Collected collect(int requestsPerSecond, Duration time) throws Exception {
        try (Kube kube = Kube.of(api.writeKubeconfig(directory.resolve("config")), requestsPerSecond, Kube.QUICK)) {
            return kube.inventory(new TestContext(time, Pseudonyms.NamespaceNames.PLAIN));
        }
    }

    private List<FakeKubernetesApi.Request> inEach() {
        return api.requests().stream()
                .filter(request -> request.path().matches("/api/v1/namespaces/[^/]+/pods"))
                .toList();
    }

    private static Section pods(Collected collected) {
        return Objects.requireNonNull(collected.sections().get("pods"));
    }

    private static String version(Collected collected) {
        return String.valueOf(pods(collected).consistency()).replace("resourceVersion=", "");
    }
}
