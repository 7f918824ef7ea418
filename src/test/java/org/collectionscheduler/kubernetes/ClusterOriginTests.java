package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.MapAssert;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Vendors and distributions as they are served, beside what is collected of them. */
class ClusterOriginTests {

    static final List<Integer> SEEDS = IntStream.range(0, 40).boxed().toList();

    @TempDir
    Path directory;

    static List<FakeNode> kinds() {
        return FakeNode.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void tellsWhoRunsAClusterOfOneKind(FakeNode node) throws Exception {
        String version = node.version() == null ? "v1.30.2" : node.version();
        Collected collected = collect(FakeFleet.of(version, node, node, node));

        assertThatData(collected)
                .containsEntry("provider", node.provider())
                .containsEntry("providerMixed", false)
                .containsEntry("providers", Map.of(node.provider(), 3L))
                .containsEntry("vendor", node.vendor())
                .containsEntry("vendors", node.vendor() == null ? Map.of() : Map.of(node.vendor(), 3L))
                .containsEntry("distribution", node.distribution())
                .containsEntry("region", node.labels().get(FakeNode.REGION))
                .containsEntry("zone", node.labels().get(FakeNode.ZONE))
                .containsEntry("versionSkewMinor", node.version() == null ? null : 0);
        assertThat(counts(collected, "providerEvidence")).hasSize(1).containsValue(3L);
    }

    @ParameterizedTest
    @FieldSource("SEEDS")
    void tellsTheTruthAboutMixedClusters(int seed) throws Exception {
        Random random = new Random(seed);
        List<FakeNode> nodes = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            nodes.add(FakeNode.all().get(random.nextInt(FakeNode.all().size())));
        }
        Collected collected = collect(new FakeFleet("v1.30.2", nodes));

        Map<String, Long> providers = count(nodes, FakeNode::provider);
        Map<String, Long> vendors = count(nodes, FakeNode::vendor);
        Map<String, Long> distributions = count(nodes, FakeNode::distribution);
        Map<String, Long> types = count(nodes, node -> node.labels().getOrDefault(FakeNode.TYPE, "unknown"));
        assertThatData(collected)
                .containsEntry("providers", providers)
                .containsEntry("provider", most(providers))
                .containsEntry("vendors", vendors)
                .containsEntry("regions", count(nodes, node -> node.labels().get(FakeNode.REGION)))
                .containsEntry("zones", count(nodes, node -> node.labels().get(FakeNode.ZONE)))
                .containsEntry("region", most(count(nodes, node -> node.labels().get(FakeNode.REGION))))
                .containsEntry("versionSkewMinor", skew(nodes));
        assertThat(distributions.get(String.valueOf(Kube.at(collected, "distribution"))))
                .isEqualTo(distributions.values().stream().max(Long::compare).orElseThrow());
        assertThat(Kube.at(collected, "nodes", "byInstanceType")).isEqualTo(types);
        assertThat(sum(counts(collected, "providerEvidence"))).isEqualTo(nodes.size());
        assertThat(sum(counts(collected, "distributionEvidence"))).isEqualTo(nodes.size());
    }

    @Test
    void saysWhatAMixedClusterWasJudgedBy() throws Exception {
        Collected collected = collect(FakeFleet.of(
                "v1.30.4-eks-036c24b",
                FakeNode.eks(),
                FakeNode.eks(),
                FakeNode.eksHybrid(),
                FakeNode.silent(),
                FakeNode.eks().version("v1.28.0").runtime("docker://24.0.7")));

        assertThatData(collected)
                .containsEntry("provider", "aws")
                .containsEntry("providerMixed", true)
                .containsEntry("providers", Map.of("aws", 3L, "on-premise", 1L, "unknown", 1L))
                .containsEntry(
                        "providerEvidence", Map.of("providerID:aws", 3L, "providerID:eks-hybrid", 1L, "none", 1L))
                .containsEntry("vendor", "aws")
                .containsEntry("vendors", Map.of("aws", 3L))
                .containsEntry("distribution", "EKS")
                .containsEntry(
                        "distributionEvidence",
                        Map.of(
                                "serverVersion:-eks-",
                                1L,
                                "label:eks.amazonaws.com",
                                3L,
                                "label:eks.amazonaws.com/compute-type",
                                1L,
                                "none",
                                1L))
                .containsEntry("regions", Map.of("eu-central-1", 3L))
                .containsEntry("versionSkewMinor", 2);
        assertThat(Kube.at(collected, "nodes", "byRuntime"))
                .isEqualTo(Map.of("containerd 1.7", 3L, "docker 24.0", 1L, "unknown", 1L));
        assertThat(Kube.at(collected, "nodes", "byInstanceType")).isEqualTo(Map.of("m6i.large", 3L, "unknown", 2L));
    }

    @Test
    void aSuffixTellsTheDistributionWhereNodesMayNotBeSeen() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(
                        FakeFleet.of("v1.30.1+k3s1", FakeNode.k3s()).cluster());
                Kube kube = kube(api)) {
            api.misbehave(Kube.NODES, Misbehaviour.status(403));

            Collected collected = kube.metadata();

            assertThatData(collected)
                    .containsEntry("distribution", "k3s")
                    .containsEntry("distributionEvidence", Map.of("serverVersion:+k3s", 1L))
                    .containsEntry("provider", null)
                    .containsEntry("providerMixed", null)
                    .containsEntry("providerEvidence", null)
                    .containsEntry("regions", null)
                    .containsEntry("versionSkewMinor", null);
        }
    }

    @Test
    void nodesTellTheDistributionWhereTheVersionMayNotBeSeen() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(
                        FakeFleet.of("v1.30.1", FakeNode.aks()).cluster());
                Kube kube = kube(api)) {
            api.misbehave("/version", Misbehaviour.status(403));
            assertThatData(kube.metadata())
                    .containsEntry("distribution", "AKS")
                    .containsEntry("versionSkewMinor", null);

            api.misbehave(Kube.NODES, Misbehaviour.status(403));
            assertThatThrownBy(kube::metadata)
                    .isInstanceOf(CollectionFailedException.class)
                    .hasMessageContaining("nothing could be collected");
        }
    }

    /** The most frequent value counts even where a page full of rare ones came before it. */
    @Test
    void whatAClusterInventsDoesNotFillThePayload() throws Exception {
        List<FakeNode> nodes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            boolean common = i >= 600 && i < 700;
            String place = common ? "common" : "r" + i + "x".repeat(56);
            nodes.add(FakeNode.of("other", null, "unknown", "invented" + i + "://x")
                    .at(place, place, common ? "common" : "t-" + i)
                    .version("v1.29." + i)
                    .runtime("runtime" + i + "://1." + i % 1000));
        }
        Collected collected = collect(new FakeFleet("v1.30.2", nodes));

        for (String field : List.of("regions", "zones")) {
            assertThat(counts(collected, field)).hasSize(101).containsEntry("common", 100L);
            assertThat(sum(counts(collected, field))).isEqualTo(10_000);
        }
        for (String field : List.of("byInstanceType", "byRuntime", "byKubeletVersion")) {
            assertThat(counts(collected, "nodes", field)).hasSize(101);
            assertThat(sum(counts(collected, "nodes", field))).isEqualTo(10_000);
        }
        assertThat(counts(collected, "nodes", "byInstanceType")).containsEntry("common", 100L);
        assertThatData(collected)
                .containsEntry("region", "common")
                .containsEntry("providerEvidence", Map.of("providerID:unrecognized", 10_000L));
        assertThat(JsonMapper.shared().writeValueAsString(collected)).hasSizeLessThan(30_000);
    }

    @Test
    void placesAreShort() throws Exception {
        String longest = "a".repeat(63);
        Collected collected = collect(FakeFleet.of(
                "v1.30.2",
                FakeNode.silent().at(longest, longest, longest),
                FakeNode.silent().at("no label value", "/zone", "a type")));

        assertThatData(collected)
                .containsEntry("region", "a".repeat(50))
                .containsEntry("zone", "a".repeat(50))
                .containsEntry("regions", Map.of("a".repeat(50), 1L));
        assertThat(Kube.at(collected, "nodes", "byInstanceType")).isEqualTo(Map.of("a".repeat(50), 1L, "other", 1L));
    }

    private Collected collect(FakeFleet fleet) throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(fleet.cluster());
                Kube kube = kube(api)) {
            Collected collected = kube.metadata();
            assertThat(collected.full()).isTrue();
            assertThat(Kube.at(collected, "nodeCount"))
                    .isEqualTo((long) fleet.nodes().size());
            assertThat(JsonMapper.shared().writeValueAsString(collected)).doesNotContain(FakeCluster.MARK);
            return collected;
        }
    }

    private Kube kube(FakeKubernetesApi api) {
        return Kube.of(api.writeKubeconfig(directory.resolve("config")));
    }

    private static Map<String, Long> count(List<FakeNode> nodes, Function<FakeNode, @Nullable String> value) {
        Map<String, Long> counts = new TreeMap<>();
        for (FakeNode node : nodes) {
            String text = value.apply(node);
            if (text != null) {
                counts.merge(text, 1L, Long::sum);
            }
        }
        return counts;
    }

    /** Of several the first in the alphabet. */
    private static @Nullable String most(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .reduce((one, other) -> other.getValue() > one.getValue() ? other : one)
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private static @Nullable Integer skew(List<FakeNode> nodes) {
        return nodes.stream()
                .map(FakeNode::version)
                .filter(version -> version != null)
                .map(version -> 30 - Integer.parseInt(version.split("\\.")[1]))
                .max(Integer::compare)
                .orElse(null);
    }

    private static MapAssert<String, Object> assertThatData(Collected collected) {
        return assertThat(new HashMap<String, Object>(collected.data()));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Long> counts(Collected collected, String... keys) {
        return (Map<String, Long>) Objects.requireNonNull(Kube.at(collected, keys));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
