package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node and a cluster run, by tables. */
class NodeDistributionTests {

    @ParameterizedTest
    @CsvSource({
        "v1.29.4-eks-036c24b, EKS, -eks-",
        "v1.21.2-eks-1-21-4, EKS, -eks-",
        "v1.30.1+k3s1, k3s, +k3s",
        "v1.30.1-rc2+k3s1, k3s, +k3s",
        "v1.27.3-gke.100, GKE, -gke.",
        "v1.28.9+rke2r1, RKE2, +rke2",
        "v1.26.5+03a907c, OpenShift, +<hash>",
        "v1.20.0+bafe72f-1054, OpenShift, +<hash>",
        "v1.31.2+k0s.0, k0s, +k0s",
        "v1.31.2+k0s, k0s, +k0s",
        "v1.20.7-34+df7df22a741dbc, MicroK8s, -<build>+<hash>",
        "v1.29.4+IKS, unknown, ",
        "v1.30.0-rc.1, unknown, ",
        "v1.30.2, unknown, ",
        "1.30.2, unknown, ",
        "v1.32.0-alpha.1.3+0123456789abcd, unknown, ",
        "v1.30.2+03a907, unknown, ",
        "x-eks-y, unknown, ",
        ", unknown, "
    })
    void readsVersions(@Nullable String version, String distribution, @Nullable String suffix) {
        NodeDistribution node = found(null, version, null, false);

        assertThat(node.distribution()).hasToString(distribution);
        assertThat(node.evidence()).isEqualTo(suffix == null ? "none" : "version:" + suffix);
        if (version != null) {
            NodeDistribution server = NodeDistribution.ofServer(version);
            assertThat(server == null ? null : server.evidence())
                    .isEqualTo(suffix == null ? null : "serverVersion:" + suffix);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "eks.amazonaws.com/nodegroup, EKS",
        "eks.amazonaws.com/compute-type, EKS",
        "cloud.google.com/gke-nodepool, GKE",
        "kubernetes.azure.com/agentpool, AKS",
        "kubernetes.azure.com/cluster, AKS",
        "kubernetes.azure.com/managed, unknown",
        "karpenter.k8s.aws/instance-family, unknown",
        "node.openshift.io/os_id, OpenShift",
        "minikube.k8s.io/version, minikube",
        "microk8s.io/cluster, MicroK8s",
        "node.k0sproject.io/role, k0s",
        "node-role.kubernetes.io/control-plane, unknown"
    })
    void readsLabels(String key, String distribution) {
        assertThat(found(null, "v1.30.2", NodeLabel.of(key, "x"), false).distribution())
                .hasToString(distribution);
    }

    @Test
    void readsWhatOnlyOneDistributionShows() {
        assertThat(found("kind://docker/kind/x", "v1.30.2", null, true).distribution())
                .isEqualTo(Distribution.KIND);
        assertThat(found("k3s://x", "v1.30.2", null, false).distribution()).isEqualTo(Distribution.K3S);
        assertThat(found("rke2://x", null, null, false).distribution()).isEqualTo(Distribution.RKE2);
        assertThat(found(null, "v1.30.2", NodeLabel.MINIKUBE, true).distribution())
                .isEqualTo(Distribution.MINIKUBE);
        assertThat(found("aws:///x", "v1.30.2", null, true).distribution()).isEqualTo(Distribution.KUBEADM);
        NodeSigns desktop = new NodeSigns(null, Set.of(), "v1.30.2", "Docker Desktop", true);
        assertThat(NodeDistribution.of(desktop).distribution()).isEqualTo(Distribution.DOCKER_DESKTOP);
        assertThat(NodeProvider.of(desktop).provider()).isEqualTo(Provider.OTHER);
    }

    @ParameterizedTest
    @CsvSource({
        "v1.30.1+k3s1, v1.29.4-eks-036c24b v1.29.4-eks-036c24b, k3s",
        "v1.30.1, v1.29.4-eks-036c24b v1.30.1+k3s1 v1.30.1+k3s1, k3s",
        "v1.26.5+03a907c, v1.30.1 v1.30.1, OpenShift",
        "v1.26.5+03a907c, v1.30.1+k3s1, k3s",
        "v1.30.1, v1.30.1 v1.30.1 v1.30.1+k3s1, unknown",
        "v1.30.1, v1.30.1 v1.30.1+k3s1, k3s",
        "v1.30.1, '', unknown"
    })
    void theServerSpeaksForTheClusterThenTheNodes(String server, String kubelets, String distribution) {
        DistributionTally tally = new DistributionTally();
        for (String kubelet : kubelets.split(" ")) {
            if (!kubelet.isEmpty()) {
                DistributionTally page = new DistributionTally();
                page.add(found(null, kubelet, null, false));
                tally.add(page);
            }
        }

        assertThat(tally.distribution(NodeDistribution.ofServer(server))).hasToString(distribution);
    }

    @ParameterizedTest
    @CsvSource({
        "v1.30.1, v1.29.4-eks-036c24b, 1",
        "v1.30.1-eks-036c24b, v1.30.9, 0",
        "v1.30.0-rc.1, v1.27, 3",
        "v1.29.0, v1.31.2+k0s.0, -2",
        "v2.0.0, v1.31.2, ",
        "release-7, v1.31.2, ",
        "v1.30.1, v1.1234567.0, ",
        "v1.30.1, , "
    })
    void measuresTheSkew(String server, @Nullable String kubelet, @Nullable Integer skew) {
        MinorVersion one = MinorVersion.of(server);
        MinorVersion other = MinorVersion.of(kubelet);

        assertThat(one == null || other == null ? null : one.ahead(other)).isEqualTo(skew);
    }

    private static NodeDistribution found(
            @Nullable String providerId, @Nullable String version, @Nullable NodeLabel label, boolean kubeadm) {
        Set<NodeLabel> labels = label == null ? Set.of() : Set.of(label);
        return NodeDistribution.of(new NodeSigns(providerId, labels, version, null, kubeadm));
    }
}
