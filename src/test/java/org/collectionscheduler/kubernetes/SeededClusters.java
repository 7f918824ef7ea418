package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;

/** Clusters of any size and servers of any ability, chosen by a seed; what is collected beside the truth. */
final class SeededClusters {

    private final Random random;
    private final Path kubeconfig;

    private SeededClusters(int seed, Path directory) {
        this.random = new Random(seed);
        this.kubeconfig = directory.resolve("config-" + seed);
    }

    /** A cluster that keeps still: all numbers are equal to the truth. */
    static void checkStill(int seed, Path directory) throws Exception {
        SeededClusters seeded = new SeededClusters(seed, directory);
        FakeCluster cluster = seeded.cluster(2_500);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = Kube.of(api.writeKubeconfig(seeded.kubeconfig))) {
            new InventoryTruth(cluster).assertWhole(kube.inventory(TestContext.plain()));
            assertThat(Kube.at(kube.metadata(), "nodeCount")).isEqualTo((long) cluster.count("nodes"));
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + cluster + ": " + e.getMessage(), e);
        }
    }

    /**
     * A cluster whose objects come and go meanwhile: every number lies between the least and the most that there were.
     *
     * @return how the pods were counted
     */
    static String checkUnderChurn(int seed, Path directory) throws Exception {
        SeededClusters seeded = new SeededClusters(seed, directory);
        Random random = seeded.random;
        FakeCluster cluster = seeded.cluster(1_500).withChurn(5 + random.nextInt(45), 5 + random.nextInt(60));
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
                Kube kube = Kube.of(api.writeKubeconfig(seeded.kubeconfig))) {
            if (random.nextInt(3) == 0) {
                api.keepVersions(1 + random.nextInt(6));
            }
            long from = api.resourceVersion();
            Collected collected = kube.inventory(TestContext.plain());
            new Bounds(cluster, collected, from, api.resourceVersion()).check();
            return String.valueOf(
                    Objects.requireNonNull(collected.sections().get("pods")).countMethod());
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + cluster + ": " + e.getMessage(), e);
        }
    }

    private FakeCluster cluster(int mostPods) {
        FakeCluster cluster = FakeCluster.of(
                        1 + random.nextInt(random.nextBoolean() ? 12 : 300), random.nextInt(mostPods), 3)
                .withSeed(random.nextLong());
        for (String resource : InventoryTruth.TOTALS.values()) {
            cluster = cluster.with(resource, random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(700));
        }
        cluster = cluster.with("services", random.nextInt(1_200));
        cluster = random.nextInt(3) == 0 ? cluster.withoutRemainingItemCount() : cluster;
        cluster = random.nextInt(4) == 0 ? cluster.withoutProtobuf() : cluster;
        return random.nextInt(3) == 0 ? cluster.withoutTables() : cluster;
    }

    /** The truth about an interval of versions. */
    private record Bounds(FakeCluster cluster, Collected collected, long from, long to) {

        void check() {
            assertThat(collected.full()).isTrue();
            InventoryTruth.TOTALS.forEach((part, resource) -> total(part, resource));
            total("pods", "pods");
            total("services", "services");
            namespaces();
            podsByNamespace();
            servicesByType();
        }

        /** Where the server says how many remain, a total is of one state, even when the rest is not. */
        private void total(String part, String resource) {
            Map<?, ?> data = (Map<?, ?>) Objects.requireNonNull(InventoryTruth.part(collected, part));
            FakeTruth truth = cluster.truth(resource);
            if (cluster.has(FakeCluster.Trait.NO_REMAINING_ITEM_COUNT)) {
                within(part, data.get("total"), truth, section(part));
            } else {
                between(part, data.get("total"), truth.minimum(from, to), truth.maximum(from, to));
            }
        }

        private void namespaces() {
            FakeTruth truth = cluster.truth("namespaces");
            Section section = section("namespaces");
            within("namespaces", Kube.at(collected, "namespaces", "count"), truth, section);
            within("active", Kube.at(collected, "namespaces", "active"), truth.inPhase("Active"), section);
            within(
                    "terminating",
                    Kube.at(collected, "namespaces", "terminating"),
                    truth.inPhase("Terminating"),
                    section);
        }

        private void podsByNamespace() {
            Map<?, ?> counts =
                    (Map<?, ?>) Objects.requireNonNull(Kube.at(collected, "resources", "pods", "byNamespace"));
            Section section = section("pods");
            // What is said to be inconsistent may lack namespaces that came meanwhile.
            Set<String> named = new TreeSet<>();
            counts.keySet().forEach(key -> named.add((String) key));
            if (!"inconsistent".equals(section.countMethod())) {
                named.addAll(allNamespaces());
            }
            FakeTruth truth = cluster.truth("pods");
            for (String namespace : named) {
                Object count = counts.containsKey(namespace) ? counts.get(namespace) : 0L;
                within("pods of " + namespace, count, truth.inNamespace(namespace), section);
            }
        }

        private List<String> allNamespaces() {
            return IntStream.range(0, cluster.namespaces())
                    .mapToObj(cluster::namespaceName)
                    .toList();
        }

        private void servicesByType() {
            Map<?, ?> counts =
                    (Map<?, ?>) Objects.requireNonNull(Kube.at(collected, "resources", "services", "byType"));
            Section section = section("services");
            FakeTruth truth = cluster.truth("services");
            for (String type : List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")) {
                Object count = counts.containsKey(type) ? counts.get(type) : 0L;
                within("services of type " + type, count, truth.ofType(type), section);
            }
            within("headless", Kube.at(collected, "resources", "services", "headless"), truth.headless(), section);
        }

        private Section section(String part) {
            return Objects.requireNonNull(collected.sections().get(part));
        }

        /** What is of several states may miss what moved behind the reading, or count it twice; never more than that. */
        private void within(String what, @Nullable Object count, FakeTruth truth, Section section) {
            if ("inconsistent".equals(section.countMethod())) {
                between(what, count, truth.always(from, to), truth.ever(from, to));
            } else {
                between(what, count, truth.minimum(from, to), truth.maximum(from, to));
            }
        }

        private static void between(String what, @Nullable Object count, long least, long most) {
            assertThat(count)
                    .as(what)
                    .isInstanceOfSatisfying(
                            Long.class, number -> assertThat(number).as(what).isBetween(least, most));
        }
    }
}
