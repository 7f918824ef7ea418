package org.collectionscheduler.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.jspecify.annotations.Nullable;

/** Which cluster this is, its version, and its nodes in numbers. */
final class ClusterMetadataCollector implements Collector {

    private final KubernetesAttempts attempts;

    ClusterMetadataCollector(KubernetesAttempts attempts) {
        this.attempts = attempts;
    }

    @Override
    public String name() {
        return "cluster-metadata";
    }

    @Override
    public Duration minimumInterval() {
        return Duration.ofHours(1);
    }

    @Override
    public Collected collect(CollectionContext context) throws CollectionFailedException {
        return attempts.make(context, ClusterMetadataCollector::collect);
    }

    private static Collected collect(ApiSession session) throws CollectionFailedException {
        Instant timestamp = session.context().clock().instant();
        Sections sections = new Sections();
        ServerVersion version = sections.read(
                "version", () -> session.get(ServerVersion.REQUEST, ServerVersion::read), ServerVersion::toSection);
        ClusterIdentity identity = ClusterIdentity.read(session);
        sections.putAside("identity", identity.section());
        Listing<NodeTally> nodes = sections.read(
                "nodes", () -> new ListPager(session).read(ResourceKind.NODES, NodeTally::new), Listing::toSection);
        Map<String, Object> data = BaseData.of(timestamp, identity);
        putVersion(data, version);
        putNodes(data, nodes == null ? null : nodes.tally());
        return new Collected("kubernetes", data, List.of(), sections.requireSome(), session.cost());
    }

    private static void putVersion(Map<String, Object> data, @Nullable ServerVersion version) {
        data.put("kubernetesVersion", version == null ? null : version.numbers());
        data.put("kubernetesGitVersion", version == null ? null : version.gitVersion());
    }

    private static void putNodes(Map<String, Object> data, @Nullable NodeTally nodes) {
        data.put("nodeCount", nodes == null ? null : nodes.total());
        data.put("provider", nodes == null ? null : nodes.provider());
        data.put("region", nodes == null ? null : nodes.region());
        data.put("zone", nodes == null ? null : nodes.zone());
        data.put("nodes", nodes == null ? null : nodes.data());
    }
}
