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
import org.assertj.core.api.InstanceOfAssertFactories;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the inventory says is what the cluster holds, or it says that it does not know. */
class ResourceInventoryCollectorTests {

    private static final int SECTIONS = 7;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "499, 3", "500, 7", "501, 40", "5000, 700"})
    void tellsTheTruth(int pods, int namespaces) throws Exception {
        FakeCluster cluster = FakeCluster.of(namespaces, pods, 2).with("services", pods / 3);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            TestContext context = TestContext.plain();

            Collected collected = kube.inventory(context);

            assertThat(collected.kind()).isEqualTo("kubernetes");
            assertThat(collected.full()).isTrue();
            assertThat(collected.rulesApplied()).containsExactly("namespace-names:plain");
            assertThat(Kube.at(collected, "timestamp")).isEqualTo(TestContext.NOW);
            assertThat(Kube.at(collected, "collectionId")).asString().matches("coll_[0-9a-f]{32}");
            assertThat(Kube.at(collected, "clusterId")).asString().matches("cls_[0-9a-f]{32}");
            assertThat(Kube.at(collected, "clusterIdSource")).isEqualTo("kube-system-uid");
            assertThat(Kube.at(collected, "namespaces", "count")).isEqualTo((long) namespaces);
            assertThat(Kube.at(collected, "namespaces", "terminating")).isEqualTo(cluster.terminatingNamespaces());
            assertThat(Kube.at(collected, "namespaces", "active"))
                    .isEqualTo(namespaces - cluster.terminatingNamespaces());
            assertThat(Kube.at(collected, "namespaces", "list"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .hasSize(namespaces)
                    .isSorted()
                    .contains("kube-system");
            assertThat(Kube.at(collected, "resources")).isEqualTo(truth(cluster, cluster.podsByNamespace()));
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
    void asksForMetadataInCompressedPagesAndOnlyReads() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 1200, 1));
                Kube kube = kube(api)) {
            Collected collected = kube.inventory();

            assertThat(api.requests()).allSatisfy(request -> {
                assertThat(request.method()).isEqualTo("GET");
                assertThat(request.query()).doesNotContainKey("resourceVersion");
                assertThat(request.headers())
                        .containsEntry("accept-encoding", "gzip")
                        .containsEntry("user-agent", "collection-scheduler");
            });
            assertThat(api.requests(Kube.PODS)).hasSize(3).allSatisfy(request -> {
                assertThat(request.query()).containsEntry("limit", "500");
                assertThat(request.headers().get("accept")).contains("PartialObjectMetadataList");
            });
            assertThat(api.connections()).isEqualTo(1);
            assertThat(collected.cost().requests()).isEqualTo(api.requests().size());
            assertThat(collected.cost().retries()).isZero();
            assertThat(collected.cost().bytesWire()).isEqualTo(api.bytesWire());
            assertThat(collected.cost().bytesDecoded()).isEqualTo(api.bytesDecoded());
        }
    }

    @Test
    void namesTheStateOfEachSection() throws Exception {
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
                            "services",
                            "identity");
            assertThat(collected.sections().values())
                    .allSatisfy(section -> assertThat(section.status()).isEqualTo(Section.Status.OK));
            assertThat(collected.sections().entrySet())
                    .filteredOn(section -> !section.getKey().equals("identity"))
                    .allSatisfy(section -> {
                        assertThat(section.getValue().countMethod()).isEqualTo("exact");
                        assertThat(section.getValue().consistency()).matches("resourceVersion=\\d+");
                    });
        }
    }

    @Test
    void beginsOnceAgainWhenAListExpires() throws Exception {
        FakeCluster cluster = FakeCluster.of(5, 1700, 1);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            api.expireTokens(Kube.PODS, 1);

            Collected collected = kube.inventory(TestContext.plain());

            assertThat(Kube.at(collected, "resources")).isEqualTo(truth(cluster, cluster.podsByNamespace()));
            assertThat(section(collected, "pods").countMethod()).isEqualTo("exact");
            assertThat(api.requests(Kube.PODS)).hasSize(1 + 1 + 4);
        }
    }

    @Test
    void goesOnInconsistentlyWhenAListExpiresAgainAndSaysSo() throws Exception {
        FakeCluster cluster = FakeCluster.of(5, 1700, 1);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            api.expireTokens(Kube.PODS, 2);

            Collected collected = kube.inventory(TestContext.plain());

            assertThat(Kube.at(collected, "resources")).isEqualTo(truth(cluster, cluster.podsByNamespace()));
            assertThat(section(collected, "pods").status()).isEqualTo(Section.Status.OK);
            assertThat(section(collected, "pods").countMethod()).isEqualTo("inconsistent");
            assertThat(section(collected, "pods").consistency()).contains("resourceVersion=", "410", "newer state");
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
            assertThat(collected.cost().requests()).isEqualTo(api.requests().size());
            assertThat(collected.cost().retries()).isEqualTo(2);
            assertThat(collected.cost().bytesWire()).isEqualTo(api.bytesWire());
            assertThat(collected.cost().bytesDecoded()).isEqualTo(api.bytesDecoded());
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

            assertThat(Kube.at(collected, "resources")).isEqualTo(truth(cluster, cluster.podsByNamespace()));
            assertThat(collected.full()).isTrue();
            assertThat(collected.cost().retries()).isEqualTo(2);
        }
    }

    private Kube kube(FakeKubernetesApi api) {
        return Kube.of(api.writeKubeconfig(directory.resolve("config")));
    }

    private static Section section(Collected collected, String name) {
        return Objects.requireNonNull(collected.sections().get(name));
    }

    private static List<String> keys(FakeCluster cluster, TestContext context) {
        return IntStream.range(0, cluster.namespaces())
                .mapToObj(i -> context.pseudonyms().namespaceKey(cluster.namespaceName(i)))
                .toList();
    }

    private static Map<String, Object> truth(FakeCluster cluster, Map<String, Long> podsByNamespace) {
        return Map.of(
                "pods", Map.of("total", (long) cluster.count("pods"), "byNamespace", podsByNamespace),
                "deployments", Map.of("total", (long) cluster.count("deployments")),
                "statefulSets", Map.of("total", (long) cluster.count("statefulsets")),
                "replicaSets", Map.of("total", (long) cluster.count("replicasets")),
                "daemonSets", Map.of("total", (long) cluster.count("daemonsets")),
                "services",
                        Map.of(
                                "total", (long) cluster.count("services"),
                                "byType", cluster.servicesByType(),
                                "headless", cluster.headlessServices()));
    }
}
