package org.collectionscheduler.kubernetes;

import java.util.List;

/** The nodes of a fake cluster, one by one, and the version of its API server. */
public record FakeFleet(String serverVersion, List<FakeNode> nodes) {

    public FakeFleet {
        nodes = List.copyOf(nodes);
    }

    static FakeFleet of(String serverVersion, FakeNode... nodes) {
        return new FakeFleet(serverVersion, List.of(nodes));
    }

    FakeCluster cluster() {
        return FakeCluster.of(2, 0, nodes.size()).withFleet(this);
    }
}
