package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterMetadataCollectorTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 501, 1200})
    void tellsTheTruth(int nodes) throws Exception {
        FakeCluster cluster = FakeCluster.of(2, 0, nodes);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = kube(api)) {
            Collected collected = kube.metadata();

            assertThat(collected.full()).isTrue();
            assertThat(collected.sections().keySet()).containsExactly("version", "nodes", "identity");
            assertThat(collected.data().keySet())
                    .containsExactly(
                            "timestamp",
                            "collectionId",
                            "clusterId",
                            "clusterIdSource",
                            "kubernetesVersion",
                            "kubernetesGitVersion",
                            "nodeCount",
                            "provider",
                            "providerMixed",
                            "providers",
                            "providerEvidence",
                            "vendor",
                            "vendors",
                            "region",
                            "regions",
                            "zone",
                            "zones",
                            "nodes",
                            "distribution",
                            "distributionEvidence",
                            "versionSkewMinor");
            assertThat(Kube.at(collected, "kubernetesVersion")).isEqualTo("1.30.1");
            assertThat(Kube.at(collected, "kubernetesGitVersion")).isEqualTo("v1.30.1-eks-036c24b");
            assertThat(Kube.at(collected, "nodeCount")).isEqualTo((long) nodes);
            assertThat(Kube.at(collected, "nodes", "ready")).isEqualTo(cluster.readyNodes());
            assertThat(Kube.at(collected, "nodes", "notReady")).isEqualTo(nodes - cluster.readyNodes());
            assertThat(Kube.at(collected, "nodes", "unschedulable")).isEqualTo((nodes + 5) / 6L);
            assertThat(collected.cost().bytesWire()).isEqualTo(api.bytesWire());
            assertThat(collected.cost().requests()).isEqualTo(api.requests().size());
        }
    }

    @Test
    void keepsTheNumberOfNodesWhenTheRestCannotBeRead() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(2, 0, 1_200));
                Kube kube = Kube.of(api.writeKubeconfig(directory.resolve("config")))) {
            api.expireTokens(Kube.NODES, 9);

            Collected collected = kube.metadata();

            assertThat(Objects.requireNonNull(collected.sections().get("nodes")).status())
                    .isEqualTo(Section.Status.PARTIAL);
            assertThat(Kube.at(collected, "nodeCount")).isEqualTo(1_200L);
            assertThat(Kube.at(collected, "nodes")).isNull();
        }
    }

    @Test
    void describesNodes() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(2, 0, 12));
                Kube kube = kube(api)) {
            Collected collected = kube.metadata();

            assertThat(Kube.at(collected, "provider")).isEqualTo("aws");
            assertThat(Kube.at(collected, "region")).isEqualTo("eu-central-1");
            assertThat(Kube.at(collected, "zone")).isEqualTo("eu-central-1a");
            assertThat(Kube.at(collected, "nodes"))
                    .isEqualTo(Map.of(
                            "total",
                            12L,
                            "ready",
                            10L,
                            "notReady",
                            2L,
                            "unschedulable",
                            2L,
                            "byRole",
                            Map.of("control-plane", 1L, "worker", 4L, "other", 2L, "none", 5L),
                            "byArch",
                            Map.of("arm64", 4L, "amd64", 8L),
                            "byOs",
                            Map.of("linux", 12L),
                            "byKubeletVersion",
                            Map.of("v1.29.4-eks-036c24b", 3L, "v1.30.1-eks-036c24b", 9L),
                            "byRuntime",
                            Map.of("containerd 1.7", 12L),
                            "byInstanceType",
                            Map.of("unknown", 12L)));
        }
    }

    @Test
    void saysNothingAboutNodesThatItMayNotSee() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(2, 0, 12));
                Kube kube = kube(api)) {
            api.misbehave(Kube.NODES, Misbehaviour.status(403));

            Collected collected = kube.metadata();

            assertThat(Kube.at(collected, "kubernetesVersion")).isEqualTo("1.30.1");
            assertThat(collected.data()).containsEntry("nodeCount", null).containsEntry("provider", null);
            assertThat(Objects.requireNonNull(collected.sections().get("nodes")).status())
                    .isEqualTo(Section.Status.FORBIDDEN);
        }
    }

    @Test
    void twoObserversAgreeAboutTheCluster() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(2, 0, 1));
                FakeKubernetesApi same = FakeKubernetesApi.start(FakeCluster.of(9, 5, 1));
                Kube one = kube(api);
                Kube two = Kube.of(same.writeKubeconfig(directory.resolve("other")))) {
            assertThat(Kube.at(one.metadata(), "clusterId"))
                    .isEqualTo(Kube.at(two.metadata(), "clusterId"))
                    .isEqualTo(Kube.at(two.inventory(), "clusterId"));
        }
    }

    @Test
    void theServersUrlStandsInForAnIdentityThatMayNotBeSeen() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(2, 0, 1));
                Kube kube = kube(api)) {
            api.misbehave(Kube.KUBE_SYSTEM, Misbehaviour.status(403));

            Collected collected = kube.metadata();

            assertThat(Kube.at(collected, "clusterIdSource")).isEqualTo("server-url");
            assertThat(Kube.at(collected, "clusterId")).asString().matches("cls_[0-9a-f]{32}");
            Section identity = Objects.requireNonNull(collected.sections().get("identity"));
            assertThat(identity.status()).isEqualTo(Section.Status.FORBIDDEN);
            assertThat(identity.reason()).contains("verb \"get\"", "resource \"namespaces\"", "server's URL instead");
        }
    }

    private Kube kube(FakeKubernetesApi api) {
        return Kube.of(api.writeKubeconfig(directory.resolve("config")));
    }
}
