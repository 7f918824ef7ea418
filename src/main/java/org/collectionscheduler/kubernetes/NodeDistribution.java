package org.collectionscheduler.kubernetes;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one node runs, or the API server, and what that is concluded from: first what only one distribution shows, then
 * its labels, then the version's suffix, at last the annotation of kubeadm, with which kind and minikube work too.
 *
 * @param evidence one of a fixed number of texts; holds nothing that the cluster wrote
 * @param certain false when others may show the same
 */
record NodeDistribution(Distribution distribution, String evidence, boolean certain) {

    private static final Map<String, Distribution> SCHEMES = Map.of(
            "kind", Distribution.KIND,
            "k3s", Distribution.K3S,
            "rke2", Distribution.RKE2,
            "minikube", Distribution.MINIKUBE);

    static NodeDistribution of(NodeSigns signs) {
        if (signs.isDockerDesktop()) {
            return new NodeDistribution(Distribution.DOCKER_DESKTOP, "osImage:Docker Desktop", true);
        }
        String scheme = signs.scheme();
        Distribution own = scheme == null ? null : SCHEMES.get(scheme);
        if (own != null) {
            return new NodeDistribution(own, "providerID:" + scheme, true);
        }
        NodeDistribution found = byLabels(signs);
        if (found == null) {
            found = byVersion(signs.version(), "version:");
        }
        if (found != null) {
            return found;
        }
        return signs.joinedByKubeadm()
                ? new NodeDistribution(Distribution.KUBEADM, "annotation:" + NodeFacts.KUBEADM_ANNOTATION, true)
                : new NodeDistribution(Distribution.UNKNOWN, NodeSigns.NOTHING, false);
    }

    /** @return null when the API server's version does not say */
    static @Nullable NodeDistribution ofServer(String version) {
        return byVersion(version, "serverVersion:");
    }

    private static @Nullable NodeDistribution byLabels(NodeSigns signs) {
        for (NodeLabel label : NodeLabel.values()) {
            Distribution distribution = signs.labels().contains(label) ? label.distribution() : null;
            if (distribution != null) {
                return new NodeDistribution(distribution, label.evidence(), true);
            }
        }
        return null;
    }

    private static @Nullable NodeDistribution byVersion(@Nullable String version, String source) {
        VersionSuffix suffix = VersionSuffix.of(version);
        Distribution distribution = suffix == null ? null : suffix.distribution();
        return suffix == null || distribution == null
                ? null
                : new NodeDistribution(distribution, source + suffix, suffix.certain());
    }
}
