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
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/**
 * Which cluster this is, its version, who runs it, and its nodes in numbers. Nothing that names an object of the cluster
 * comes out; values of well-known labels do, such as regions, zones and instance types. All texts and maps that the
 * cluster fills are bounded, see {@link NodeTally}.
 */
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
    public Resource dataSchema() {
        return new ClassPathResource("cluster-metadata.schema.json", ClusterMetadataCollector.class);
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
                "nodes",
                () -> new ListPager(session).read(ListQuery.of(ResourceKind.NODES, ListForm.WHOLE), NodeTally::new),
                Listing::toSection);
        Map<String, Object> data = BaseData.of(timestamp, identity);
        putVersion(data, version);
        data.put("nodeCount", nodes == null ? null : nodes.total());
        putNodes(data, nodes == null ? null : nodes.tally());
        putBoth(data, version, nodes == null ? null : nodes.tally());
        return new Collected("kubernetes", data, List.of(), sections.requireSome(), session.cost());
    }

    private static void putVersion(Map<String, Object> data, @Nullable ServerVersion version) {
        data.put("kubernetesVersion", version == null ? null : version.numbers());
        data.put("kubernetesGitVersion", version == null ? null : version.gitVersion());
    }

    /** Nodes that are not seen are null, not unknown. */
    private static void putNodes(Map<String, Object> data, @Nullable NodeTally nodes) {
        NodeTally tally = nodes == null ? new NodeTally() : nodes;
        tally.origin().forEach((name, value) -> data.put(name, nodes == null ? null : value));
        data.put("nodes", nodes == null ? null : nodes.data());
    }

    /** What the API server's version and the nodes say together; one of them may be missing. */
    private static void putBoth(Map<String, Object> data, @Nullable ServerVersion version, @Nullable NodeTally nodes) {
        DistributionTally tally = nodes == null ? new DistributionTally() : nodes.distributions();
        NodeDistribution server = version == null ? null : NodeDistribution.ofServer(version.gitVersion());
        data.putAll(tally.data(server));
        MinorVersion oldest = nodes == null ? null : nodes.oldestKubelet();
        MinorVersion minor = version == null ? null : MinorVersion.of(version.gitVersion());
        data.put("versionSkewMinor", minor == null || oldest == null ? null : minor.ahead(oldest));
    }
}
