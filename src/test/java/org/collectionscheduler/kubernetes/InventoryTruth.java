package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;

/** What an inventory of a fake cluster must say, part by part, with plain names of namespaces. */
final class InventoryTruth {

    /** Parts of which only the number is asked, with their resource. */
    static final Map<String, String> TOTALS = Map.ofEntries(
            Map.entry("deployments", "deployments"),
            Map.entry("statefulSets", "statefulsets"),
            Map.entry("replicaSets", "replicasets"),
            Map.entry("daemonSets", "daemonsets"),
            Map.entry("jobs", "jobs"),
            Map.entry("cronJobs", "cronjobs"),
            Map.entry("ingresses", "ingresses"),
            Map.entry("persistentVolumes", "persistentvolumes"),
            Map.entry("persistentVolumeClaims", "persistentvolumeclaims"),
            Map.entry("horizontalPodAutoscalers", "horizontalpodautoscalers"),
            Map.entry("customResourceDefinitions", "customresourcedefinitions"));

    private final Map<String, Map<String, Object>> parts = new LinkedHashMap<>();

    InventoryTruth(FakeCluster cluster) {
        parts.put(
                "namespaces",
                Map.of(
                        "count",
                        (long) cluster.namespaces(),
                        "active",
                        cluster.namespaces() - cluster.terminatingNamespaces(),
                        "terminating",
                        cluster.terminatingNamespaces(),
                        "list",
                        namespaceNames(cluster)));
        parts.put("pods", Map.of("total", (long) cluster.count("pods"), "byNamespace", cluster.podsByNamespace()));
        parts.put(
                "services",
                Map.of(
                        "total", (long) cluster.count("services"),
                        "byType", cluster.servicesByType(),
                        "headless", cluster.headlessServices()));
        TOTALS.forEach((name, resource) -> parts.put(name, Map.of("total", (long) cluster.count(resource))));
    }

    private static List<String> namespaceNames(FakeCluster cluster) {
        return IntStream.range(0, cluster.namespaces())
                .mapToObj(cluster::namespaceName)
                .sorted()
                .toList();
    }

    /** Every part is there and true. */
    void assertWhole(Collected collected) {
        assertThat(collected.sections().values())
                .allSatisfy(section -> assertThat(section.status()).isEqualTo(Section.Status.OK));
        assertNothingFalse(collected);
    }

    /**
     * Every part is true, or missing with a reason; where only the total is known, the rest is missing, and where the
     * rest is said to be inconsistent, the total is true.
     */
    void assertNothingFalse(Collected collected) {
        assertThat(collected.sections().keySet()).containsAll(parts.keySet());
        parts.forEach((name, truth) -> {
            Section section = Objects.requireNonNull(collected.sections().get(name));
            Object part = part(collected, name);
            if (section.status() == Section.Status.OK && "inconsistent".equals(section.countMethod())) {
                assertThat(section.consistency()).as(name).contains("resourceVersion=", "; ");
                String number = name.equals("namespaces") ? "count" : "total";
                assertThat(((Map<?, ?>) Objects.requireNonNull(part)).get(number))
                        .as(name)
                        .isNotNull()
                        .isEqualTo(truth.get(number));
            } else if (section.status() == Section.Status.OK) {
                assertThat(part).as(name).isEqualTo(truth);
            } else if (section.status() == Section.Status.PARTIAL) {
                assertThat(part).as(name).isInstanceOfSatisfying(Map.class, known -> assertPartlyTrue(known, truth));
            } else {
                assertThat(part).as(name).isNull();
            }
        });
    }

    private static void assertPartlyTrue(Map<?, ?> known, Map<String, Object> truth) {
        assertThat(known.keySet()).isEqualTo(truth.keySet());
        known.forEach((key, value) -> assertThat(value == null || value.equals(truth.get(key)))
                .as(key + " is " + value + " and not " + truth.get(key))
                .isTrue());
        assertThat(known.values()).containsNull().anyMatch(Objects::nonNull);
    }

    static @Nullable Object part(Collected collected, String name) {
        return name.equals("namespaces") ? Kube.at(collected, name) : Kube.at(collected, "resources", name);
    }
}
