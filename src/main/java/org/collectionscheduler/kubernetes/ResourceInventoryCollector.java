package org.collectionscheduler.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/**
 * How many objects of each kind the cluster holds, and how they are spread over its namespaces. Each kind is asked for
 * in the form that has the fewest bytes, and no further than it takes to know the numbers.
 */
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

    /** One attempt. The kinds are read one after the other. */
    private static final class Inventory {

        private final ApiSession session;
        private final UnaryOperator<String> key;
        private final ListPager pager;
        private final Sections sections = new Sections();
        private final Map<String, @Nullable Object> resources = new LinkedHashMap<>();

        private Inventory(ApiSession session) {
            this.session = session;
            this.key = session.context().pseudonyms()::namespaceKey;
            this.pager = new ListPager(session);
        }

        Collected collect() throws CollectionFailedException {
            Instant timestamp = session.context().clock().instant();
            ClusterIdentity identity = ClusterIdentity.read(session);
            sections.putAside("identity", identity.section());
            Map<String, Object> data = BaseData.of(timestamp, identity);
            Listing<NamespaceTally> namespaces =
                    read("namespaces", () -> pager.readTable(ResourceKind.NAMESPACES, NamespaceTally::new));
            data.put("namespaces", namespaces == null ? null : NamespaceTally.data(namespaces, key));
            pods(names(namespaces));
            workloads();
            services();
            total("ingresses", ResourceKind.INGRESSES);
            total("persistentVolumes", ResourceKind.PERSISTENT_VOLUMES);
            total("persistentVolumeClaims", ResourceKind.PERSISTENT_VOLUME_CLAIMS);
            total("customResourceDefinitions", ResourceKind.CUSTOM_RESOURCE_DEFINITIONS);
            data.put("resources", resources);
            List<String> rules = List.of(session.context().pseudonyms().namespaceRule());
            return new Collected("kubernetes", data, rules, sections.requireSome(), session.cost());
        }

        private static List<String> names(@Nullable Listing<NamespaceTally> namespaces) {
            NamespaceTally tally = namespaces == null ? null : namespaces.tally();
            return tally == null ? List.of() : tally.names();
        }

        private void pods(List<String> namespaces) throws CollectionFailedException {
            Listing<PodTally> pods = read("pods", () -> new PodsByNamespace(session).read(namespaces));
            resources.put("pods", pods == null ? null : PodTally.data(pods, key));
        }

        private void workloads() throws CollectionFailedException {
            total("deployments", ResourceKind.DEPLOYMENTS);
            total("statefulSets", ResourceKind.STATEFUL_SETS);
            total("replicaSets", ResourceKind.REPLICA_SETS);
            total("daemonSets", ResourceKind.DAEMON_SETS);
            total("jobs", ResourceKind.JOBS);
            total("cronJobs", ResourceKind.CRON_JOBS);
            total("horizontalPodAutoscalers", ResourceKind.HORIZONTAL_POD_AUTOSCALERS);
        }

        private void services() throws CollectionFailedException {
            Listing<ServiceTally> services =
                    read("services", () -> pager.readTable(ResourceKind.SERVICES, ServiceTally::new));
            resources.put("services", services == null ? null : ServiceTally.data(services));
        }

        private void total(String name, ResourceKind kind) throws CollectionFailedException {
            Listing<NoTally> listing = read(name, () -> pager.count(ListQuery.of(kind, ListForm.METADATA)));
            resources.put(name, listing == null ? null : Map.of("total", listing.total()));
        }

        private <T> @Nullable Listing<T> read(String name, Sections.Part<Listing<T>> part)
                throws CollectionFailedException {
            return sections.read(name, part, Listing::toSection);
        }
    }
}
