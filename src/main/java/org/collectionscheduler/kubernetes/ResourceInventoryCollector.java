package org.collectionscheduler.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Pseudonyms;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/** How many objects of each kind the cluster holds, and how they are spread over its namespaces. */
final class ResourceInventoryCollector implements Collector {

    private final KubernetesAttempts attempts;

    ResourceInventoryCollector(KubernetesAttempts attempts) {
        this.attempts = attempts;
    }

    @Override
    public String name() {
        return "resource-inventory";
    }

    @Override
    public Duration minimumInterval() {
        return Duration.ofMinutes(30);
    }

    @Override
    public Resource dataSchema() {
        return new ClassPathResource("resource-inventory.schema.json", ResourceInventoryCollector.class);
    }

    @Override
    public Collected collect(CollectionContext context) throws CollectionFailedException {
        return attempts.make(context, session -> new Inventory(session).collect());
    }

    /** One attempt. The kinds are read one after the other, so that the cluster never serves more than one page. */
    private static final class Inventory {

        private final ApiSession session;
        private final Pseudonyms pseudonyms;
        private final ListPager pager;
        private final Sections sections = new Sections();
        private final Map<String, Object> resources = new LinkedHashMap<>();

        private Inventory(ApiSession session) {
            this.session = session;
            this.pseudonyms = session.context().pseudonyms();
            this.pager = new ListPager(session);
        }

        Collected collect() throws CollectionFailedException {
            Instant timestamp = session.context().clock().instant();
            UnaryOperator<String> key = pseudonyms::namespaceKey;
            ClusterIdentity identity = ClusterIdentity.read(session);
            sections.putAside("identity", identity.section());
            Map<String, Object> data = BaseData.of(timestamp, identity);
            data.put(
                    "namespaces",
                    count("namespaces", ResourceKind.NAMESPACES, () -> new NamespaceTally(key), NamespaceTally::data));
            resource("pods", ResourceKind.PODS, PodTally::new, pods -> pods.data(key));
            total("deployments", ResourceKind.DEPLOYMENTS);
            total("statefulSets", ResourceKind.STATEFUL_SETS);
            total("replicaSets", ResourceKind.REPLICA_SETS);
            total("daemonSets", ResourceKind.DAEMON_SETS);
            resource("services", ResourceKind.SERVICES, ServiceTally::new, ServiceTally::data);
            data.put("resources", resources);
            return new Collected(
                    "kubernetes", data, List.of(pseudonyms.namespaceRule()), sections.requireSome(), session.cost());
        }

        private void total(String name, ResourceKind kind) throws CollectionFailedException {
            resource(name, kind, ObjectTally::new, ObjectTally::data);
        }

        private <T extends Tally<T>> void resource(
                String name, ResourceKind kind, Supplier<T> tallies, Function<T, Map<String, Object>> data)
                throws CollectionFailedException {
            resources.put(name, count(name, kind, tallies, data));
        }

        private <T extends Tally<T>> @Nullable Map<String, Object> count(
                String name, ResourceKind kind, Supplier<T> tallies, Function<T, Map<String, Object>> data)
                throws CollectionFailedException {
            Listing<T> listing = sections.read(name, () -> pager.read(kind, tallies), Listing::toSection);
            return listing == null ? null : data.apply(listing.tally());
        }
    }
}
