package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the inventory says is what the cluster holds, or it says that it does not know. */
class ResourceInventoryCollectorTests {

    private static final int SECTIONS = 14;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 1", "499, 3", "500, 7", "501, 40", "5000, 700", "3000, 2"})
    void tellsTheTruth(int pods, int namespaces) throws Exception {
        FakeCluster cluster = FakeCluster.of(namespaces, pods, 2).with("services", pods / 3);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            Collected collected = kube.inventory(TestContext.plain());

            new InventoryTruth(cluster).assertWhole(collected);
            assertThat(collected.kind()).isEqualTo("kubernetes");
            assertThat(collected.full()).isTrue();
            assertThat(collected.rulesApplied()).containsExactly("namespace-names:plain");
            assertThat(Kube.at(collected, "timestamp")).isEqualTo(TestContext.NOW);
            assertThat(Kube.at(collected, "collectionId")).asString().matches("coll_[0-9a-f]{32}");
            assertThat(Kube.at(collected, "clusterId")).asString().matches("cls_[0-9a-f]{32}");
            assertThat(Kube.at(collected, "clusterIdSource")).isEqualTo("kube-system-uid");
        }
    }

    static Stream<FakeCluster> poorServers() {
        FakeCluster cluster = FakeCluster.of(30, 1300, 2).with("services", 700).with("replicasets", 1200);
        return Stream.of(
                cluster.withoutRemainingItemCount(),
                cluster.withoutTables(),
                cluster.withoutProtobuf(),
                cluster.withoutTables().withoutRemainingItemCount());
    }

    @ParameterizedTest
    @MethodSource("poorServers")
    void tellsTheTruthWhateverTheServerCanDo(FakeCluster cluster) throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            Collected collected = kube.inventory(TestContext.plain());

            new InventoryTruth(cluster).assertWhole(collected);
        }
    }

    @Test
    void hidesNamesOfNamespaces() throws Exception {
        FakeCluster cluster = FakeCluster.of(9, 100, 1);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            TestContext context = TestContext.lasting(Duration.ofSeconds(30));
            Map<String, Long> hashed = new TreeMap<>();
            cluster.podsByNamespace()
                    .forEach((name, count) -> hashed.put(context.pseudonyms().namespaceKey(name), count));

            Collected collected = kube.inventory(context);

            assertThat(collected.rulesApplied()).containsExactly("namespace-names:hmac-sha256");
            assertThat(Kube.at(collected, "resources", "pods", "byNamespace")).isEqualTo(hashed);
            assertThat(hashed.keySet()).allMatch(key -> key.matches("namespace-[0-9a-f]{12}"));
            assertThat(Kube.at(collected, "namespaces", "list"))
                    .isEqualTo(keys(cluster, context).stream().sorted().toList());
        }
    }

    @Test
    void asksForLittleAndOnlyReads() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(300, 1200, 1));
                Kube kube = kube(api)) {
            Collected collected = kube.inventory();

            assertThat(api.requests()).hasSize(1 + SECTIONS + 3).allSatisfy(request -> {
                assertThat(request.method()).isEqualTo("GET");
                assertThat(request.query()).doesNotContainKey("resourceVersion");
                assertThat(request.headers())
                        .containsEntry("accept-encoding", "gzip")
                        .containsEntry("user-agent", "collection-scheduler");
            });
            assertThat(api.requests(Kube.PODS))
                    .extracting(request -> request.query().get("limit"))
                    .containsExactly("1", "500", "500", "500");
            assertThat(api.requests(Kube.PODS))
                    .allSatisfy(request ->
                            assertThat(request.headers().get("accept")).contains("PartialObjectMetadataList"));
            assertThat(api.requests(Kube.SERVICES)).singleElement().satisfies(request -> {
                assertThat(request.query()).containsEntry("includeObject", "None");
                assertThat(request.headers().get("accept")).contains("as=Table");
            });
            assertThat(api.requests("/apis/apps/v1/deployments"))
                    .singleElement()
                    .satisfies(request -> assertThat(request.query()).containsOnly(Map.entry("limit", "1")));
            // One is enough, but the client may open another before the last one is given back.
            assertThat(api.connections()).isLessThanOrEqualTo(3);
            assertCostIsWhatTheServerSent(collected, api);
            assertThat(collected.cost().retries()).isZero();
        }
    }

    @Test
    void namesTheStateAndTheMethodOfEachSection() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 10, 1));
                Kube kube = kube(api)) {
            Collected collected = kube.inventory();

            assertThat(collected.sections().keySet())
                    .containsExactly(
                            "namespaces",
                            "pods",
                            "deployments",
                            "statefulSets",
                            "replicaSets",
                            "daemonSets",
                            "jobs",
                            "cronJobs",
                            "horizontalPodAutoscalers",
                            "services",
                            "ingresses",
                            "persistentVolumes",
                            "persistentVolumeClaims",
                            "customResourceDefinitions",
                            "identity");
            assertThat(collected.sections().values())
                    .allSatisfy(section -> assertThat(section.status()).isEqualTo(Section.Status.OK));
            assertThat(collected.sections().entrySet())
                    .filteredOn(section -> !section.getKey().equals("identity"))
                    .allSatisfy(section ->
                            assertThat(section.getValue().consistency()).matches("resourceVersion=\\d+"));
            assertThat(section(collected, "namespaces").countMethod()).isEqualTo("exact");
            assertThat(section(collected, "services").countMethod()).isEqualTo("exact");
            assertThat(section(collected, "replicaSets").countMethod()).isEqualTo("remaining-item-count");
        }
    }

    @Test
    void aListThatIsWholeOnItsFirstPageIsExact() throws Exception {
        FakeCluster cluster =
                FakeCluster.of(3, 1, 1).with("jobs", 1).with("cronjobs", 0).with("ingresses", 2);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            Collected collected = kube.inventory(TestContext.plain());

            new InventoryTruth(cluster).assertWhole(collected);
            assertThat(section(collected, "jobs").countMethod()).isEqualTo("exact");
            assertThat(section(collected, "cronJobs").countMethod()).isEqualTo("exact");
            assertThat(section(collected, "pods").countMethod()).isEqualTo("exact");
            assertThat(section(collected, "ingresses").countMethod()).isEqualTo("remaining-item-count");
        }
    }

    @Test
    void beginsOnceAgainWhenAListExpires() throws Exception {
        FakeCluster cluster = FakeCluster.of(5, 1700, 1).withoutRemainingItemCount();
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            api.expireTokens(Kube.PODS, 1);

            Collected collected = kube.inventory(TestContext.plain());

            new InventoryTruth(cluster).assertWhole(collected);
            assertThat(section(collected, "pods").countMethod()).isEqualTo("exact");
            assertThat(api.requests(Kube.PODS)).hasSize(1 + 1 + 4);
        }
    }

    @Test
    void goesOnInconsistentlyWhenAListExpiresAgainAndSaysSo() throws Exception {
        FakeCluster cluster = FakeCluster.of(5, 1700, 1).withoutRemainingItemCount();
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            api.expireTokens(Kube.PODS, 2);

            Collected collected = kube.inventory(TestContext.plain());

            new InventoryTruth(cluster).assertWhole(collected);
            assertThat(section(collected, "pods").countMethod()).isEqualTo("inconsistent");
            assertThat(section(collected, "pods").consistency()).contains("resourceVersion=", "410", "newer state");
        }
    }

    @Test
    void aKindThatIsNotServedIsUnavailableAndNotNone() throws Exception {
        try (FakeKubernetesApi api =
                        FakeKubernetesApi.start(FakeCluster.of(2, 5, 1).without("ingresses"));
                Kube kube = kube(api)) {
            Collected collected = kube.inventory();

            assertThat(section(collected, "ingresses").status()).isEqualTo(Section.Status.UNAVAILABLE);
            assertThat(section(collected, "ingresses").reason())
                    .contains("does not serve ingresses of API networking.k8s.io/v1 (status 404)");
            assertThat(Kube.at(collected, "resources", "ingresses")).isNull();
            assertThat(collected.full()).isFalse();
        }
    }

    @Test
    void keepsTheRestWhenOneKindIsForbidden() throws Exception {
        FakeCluster cluster = FakeCluster.of(5, 10, 1);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            api.misbehave("/apis/apps/v1/statefulsets", Misbehaviour.status(403));

            Collected collected = kube.inventory();

            assertThat(section(collected, "statefulSets").status()).isEqualTo(Section.Status.FORBIDDEN);
            assertThat(section(collected, "statefulSets").reason())
                    .contains("verb \"list\"", "resource \"statefulsets\"", "API group \"apps\"", "ClusterRole");
            assertThat(Kube.at(collected, "resources", "statefulSets")).isNull();
            assertThat(Kube.at(collected, "resources", "pods", "total")).isEqualTo(10L);
            assertThat(collected.full()).isFalse();
            assertThat(collected.nothing()).isFalse();
        }
    }

    @Test
    void failsForGoodWhenEverythingIsForbidden() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(5, 10, 1));
                Kube kube = kube(api)) {
            api.misbehave("*", Misbehaviour.status(403));

            assertThatThrownBy(kube::inventory)
                    .isInstanceOfSatisfying(
                            CollectionFailedException.class,
                            e -> assertThat(e.retryable()).isFalse())
                    .hasMessageContainingAll("nothing could be collected", "list pods", "ClusterRole");
            assertThat(api.requests()).hasSize(SECTIONS + 1);
        }
    }

    @Test
    void marksOnlyTheBrokenKindUnavailable() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(5, 10, 1));
                Kube kube = kube(api)) {
            api.misbehave(Kube.SERVICES, Misbehaviour.status(500));

            Collected collected = kube.inventory();

            assertThat(section(collected, "services").status()).isEqualTo(Section.Status.UNAVAILABLE);
            assertThat(section(collected, "services").reason()).contains("500", "list services");
            assertThat(Kube.at(collected, "resources", "services")).isNull();
            assertThat(api.requests(Kube.SERVICES)).hasSize(3);
            assertCostIsWhatTheServerSent(collected, api);
            assertThat(collected.cost().retries()).isEqualTo(2);
        }
    }

    @Test
    void asksAPageAgainWhenItBreaks() throws Exception {
        FakeCluster cluster = FakeCluster.of(5, 1700, 1);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            api.misbehave(Kube.PODS, Misbehaviour.truncate(), 1);
            api.misbehave(Kube.SERVICES, Misbehaviour.reset(), 1);

            Collected collected = kube.inventory(TestContext.plain());

            new InventoryTruth(cluster).assertWhole(collected);
            assertThat(collected.cost().retries()).isEqualTo(2);
        }
    }

    private Kube kube(FakeKubernetesApi api) {
        return Kube.of(api.writeKubeconfig(directory.resolve("config")));
    }

    private static void assertCostIsWhatTheServerSent(Collected collected, FakeKubernetesApi api) {
        assertThat(collected.cost().requests()).isEqualTo(api.requests().size());
        assertThat(collected.cost().bytesWire()).isEqualTo(api.bytesWire());
        assertThat(collected.cost().bytesDecoded()).isEqualTo(api.bytesDecoded());
    }

    private static Section section(Collected collected, String name) {
        return Objects.requireNonNull(collected.sections().get(name));
    }

    private static List<String> keys(FakeCluster cluster, TestContext context) {
        return IntStream.range(0, cluster.namespaces())
                .mapToObj(i -> context.pseudonyms().namespaceKey(cluster.namespaceName(i)))
                .toList();
    }
}
