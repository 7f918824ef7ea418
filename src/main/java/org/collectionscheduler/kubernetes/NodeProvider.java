package org.collectionscheduler.kubernetes;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who runs one node, and what that is concluded from: first {@code spec.providerID}, which the vendor's own controller
 * sets; then labels of vendors; then the version's suffix, which goes wherever a build goes (that of EKS is also used on
 * vSphere); at last what only says that no cloud looks after the node. Why each is what it is: {@link Provider}.
 *
 * @param vendor null when unknown
 * @param evidence one of a fixed number of texts; holds nothing that the cluster wrote
 */
record NodeProvider(Provider provider, @Nullable Vendor vendor, String evidence) {

    /** Distributions and simulators that set a {@code providerID} themselves where no cloud does. */
    private static final Map<String, String> NO_CLOUD = Map.of(
            "k3s", "providerID:k3s",
            "rke2", "providerID:rke2",
            "kind", "providerID:kind",
            "docker", "providerID:docker",
            "minikube", "providerID:minikube",
            "kwok", "providerID:kwok");

    /** As in {@code cn-hangzhou.i-bp1…}. */
    private static final Pattern BARE_ALICLOUD = Pattern.compile("[a-z]{2}-[a-z0-9-]{1,30}\\.i-[a-z0-9]{1,40}");

    static NodeProvider of(NodeSigns signs) {
        NodeProvider found = byProviderId(signs);
        if (found == null) {
            found = byLabels(signs);
        }
        if (found == null) {
            found = byVersion(signs);
        }
        return found == null ? withoutCloud(signs) : found;
    }

    private static @Nullable NodeProvider byProviderId(NodeSigns signs) {
        String scheme = signs.scheme();
        if (scheme == null) {
            return byBareId(signs.providerId());
        }
        Vendor vendor = Vendor.ofScheme(scheme);
        if (vendor != null) {
            return of(vendor, "providerID:" + scheme);
        }
        return scheme.equals("eks-hybrid")
                ? new NodeProvider(Provider.ON_PREMISE, null, "providerID:eks-hybrid")
                : null;
    }

    /** Two vendors set ids without a scheme. */
    private static @Nullable NodeProvider byBareId(@Nullable String id) {
        if (id == null) {
            return null;
        }
        if (id.startsWith("ocid1.")) {
            return of(Vendor.OCI, "providerID:ocid1");
        }
        return BARE_ALICLOUD.matcher(id).matches() ? of(Vendor.ALICLOUD, "providerID:<region>.i-<id>") : null;
    }

    private static @Nullable NodeProvider byLabels(NodeSigns signs) {
        for (NodeLabel label : NodeLabel.values()) {
            if (!signs.labels().contains(label)) {
                continue;
            }
            if (label == NodeLabel.EKS_HYBRID) {
                return new NodeProvider(Provider.ON_PREMISE, null, label.evidence());
            }
            Vendor vendor = label.vendor();
            if (vendor != null) {
                return of(vendor, label.evidence());
            }
        }
        return null;
    }

    private static @Nullable NodeProvider byVersion(NodeSigns signs) {
        VersionSuffix suffix = VersionSuffix.of(signs.version());
        Vendor vendor = suffix == null ? null : suffix.vendor();
        return vendor == null ? null : of(vendor, "version:" + suffix);
    }

    private static NodeProvider withoutCloud(NodeSigns signs) {
        String scheme = signs.scheme();
        if (scheme != null) {
            return new NodeProvider(Provider.OTHER, null, NO_CLOUD.getOrDefault(scheme, "providerID:unrecognized"));
        }
        if (signs.isDockerDesktop()) {
            return new NodeProvider(Provider.OTHER, null, "osImage:Docker Desktop");
        }
        if (signs.labels().contains(NodeLabel.MINIKUBE)) {
            return new NodeProvider(Provider.OTHER, null, NodeLabel.MINIKUBE.evidence());
        }
        return new NodeProvider(Provider.UNKNOWN, null, NodeSigns.NOTHING);
    }

    private static NodeProvider of(Vendor vendor, String evidence) {
        return new NodeProvider(vendor.provider(), vendor, evidence);
    }
}
