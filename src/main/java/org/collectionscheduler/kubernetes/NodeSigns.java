package org.collectionscheduler.kubernetes;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node shows of who runs it and what it runs; null for what it does not show.
 *
 * @param providerId as in {@code spec.providerID}; often ends in a name, of which nothing may be shown
 * @param labels those that vendors and distributions set
 * @param version of its kubelet
 * @param osImage as in {@code status.nodeInfo}
 * @param joinedByKubeadm whether kubeadm left its annotation on it
 */
record NodeSigns(
        @Nullable String providerId,
        Set<NodeLabel> labels,
        @Nullable String version,
        @Nullable String osImage,
        boolean joinedByKubeadm) {

    /** In evidence, for nodes that show nothing. */
    static final String NOTHING = "none";

    NodeSigns {
        labels = Set.copyOf(labels);
    }

    /** What stands before {@code ://}; null when there is no such thing. */
    @Nullable String scheme() {
        int end = providerId == null ? -1 : providerId.indexOf("://");
        return providerId == null || end < 1 ? null : providerId.substring(0, end);
    }

    boolean isDockerDesktop() {
        return "Docker Desktop".equals(osImage);
    }
}
