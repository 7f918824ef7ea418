package org.collectionscheduler.kubernetes;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a fake cluster holds: only numbers, from which each object is made when it is read, and the truth about them.
 * Every name, label and annotation holds {@link #MARK}, so that a test can look for names where none may be.
 *
 * @param namespaces how many, {@code kube-system} included
 * @param counts of the other resources by their plural; what is not in it is not served
 * @param seed decides everything that looks random: names, and how many objects are in which namespace
 * @param padding bytes of managed fields in each object beyond those that belong there
 * @param fleet its nodes one by one; null for nodes of EKS that are made by number
 * @param traits what this API server does not do as others do
 * @param churn how objects come and go, so that {@code counts} are all that ever are; null where they stay
 */
public record FakeCluster(
        int namespaces,
        Map<String, Integer> counts,
        long seed,
        int padding,
        @Nullable FakeFleet fleet,
        Set<Trait> traits,
        @Nullable FakeChurn churn) {

    /** What sets one API server apart from another. */
    enum Trait {
        /** Pages do not say how many objects are left. */
        NO_REMAINING_ITEM_COUNT,
        /** Nothing is served as a table. */
        NO_TABLES,
        /** Nothing is served as protobuf. */
        NO_PROTOBUF
    }

    public static final String MARK = "zqsecret";

    /** The UID of {@code kube-system}. */
    public static final String UID = "6f2d2f0c-1c1e-4a6b-9a53-0f8c6d3a1b77";

    static final String GIT_VERSION = "v1.30.1-eks-036c24b";

    /** Numbers that differ, so that a mix-up of two kinds shows. */
    private static final Map<String, Integer> FEW = Map.ofEntries(
            Map.entry("deployments", 7),
            Map.entry("statefulsets", 3),
            Map.entry("replicasets", 12),
            Map.entry("daemonsets", 2),
            Map.entry("services", 23),
            Map.entry("jobs", 11),
            Map.entry("cronjobs", 4),
            Map.entry("ingresses", 6),
            Map.entry("persistentvolumes", 9),
            Map.entry("persistentvolumeclaims", 8),
            Map.entry("horizontalpodautoscalers", 5),
            Map.entry("customresourcedefinitions", 13));

    public FakeCluster {
        counts = Map.copyOf(counts);
        traits = Set.copyOf(traits);
        if (namespaces < 1) {
            throw new IllegalArgumentException("namespaces is " + namespaces + "; kube-system always exists");
        }
        for (String resource : counts.keySet()) {
            if (FakeKind.ofPlural(resource) == null) {
                throw new IllegalArgumentException("there is no kind " + resource);
            }
        }
    }

    /** Pods, nodes, and a few of every other kind. */
    public static FakeCluster of(int namespaces, int pods, int nodes) {
        Map<String, Integer> counts = new HashMap<>(FEW);
        counts.put("pods", pods);
        counts.put("nodes", nodes);
        return new FakeCluster(namespaces, counts, 42, 0, null, Set.of(), null);
    }

    public FakeCluster with(String resource, int count) {
        Map<String, Integer> changed = new HashMap<>(counts);
        changed.put(resource, count);
        return new FakeCluster(namespaces, changed, seed, padding, fleet, traits, churn);
    }

    /** Without serving a kind at all. */
    public FakeCluster without(String resource) {
        Map<String, Integer> changed = new HashMap<>(counts);
        if (changed.remove(resource) == null) {
            throw new IllegalArgumentException("there are no " + resource + " to leave out");
        }
        return new FakeCluster(namespaces, changed, seed, padding, fleet, traits, churn);
    }

    public FakeCluster withSeed(long changed) {
        return new FakeCluster(namespaces, counts, changed, padding, fleet, traits, churn);
    }

    public FakeCluster withPadding(int bytes) {
        return new FakeCluster(namespaces, counts, seed, bytes, fleet, traits, churn);
    }

    /** With nodes of several vendors and distributions, and the version of the API server that belongs to them. */
    public FakeCluster withFleet(FakeFleet nodes) {
        return new FakeCluster(namespaces, counts, seed, padding, nodes, traits, churn)
                .with("nodes", nodes.nodes().size());
    }

    /** With pages that do not say how many objects are left, as the API allows. */
    public FakeCluster withoutRemainingItemCount() {
        return with(Trait.NO_REMAINING_ITEM_COUNT);
    }

    /** Without tables: what is acceptable besides is served. */
    public FakeCluster withoutTables() {
        return with(Trait.NO_TABLES);
    }

    /**
     * With objects that come and go while the resource version moves on, which it does by one with each request. Then
     * what is said here without a version is about all objects that ever are; see {@link #truth}.
     *
     * @param percent so many of all objects appear only later, and so many vanish; of namespaces a quarter of that
     * @param versions over so many versions after the first this happens
     */
    public FakeCluster withChurn(int percent, int versions) {
        return new FakeCluster(namespaces, counts, seed, padding, fleet, traits, new FakeChurn(percent, versions));
    }

    /** With nothing but JSON: what is acceptable besides protobuf is served. */
    public FakeCluster withoutProtobuf() {
        return with(Trait.NO_PROTOBUF);
    }

    private FakeCluster with(Trait trait) {
        Set<Trait> more = EnumSet.of(trait);
        more.addAll(traits);
        return new FakeCluster(namespaces, counts, seed, padding, fleet, more, churn);
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    String gitVersion() {
        return fleet == null ? GIT_VERSION : fleet.serverVersion();
    }

    /** @return -1 when there is no such kind */
    public int count(String resource) {
        return resource.equals("namespaces") ? namespaces : counts.getOrDefault(resource, -1);
    }

    /** @return -1 when it is not served */
    int count(FakeKind kind) {
        return count(kind.plural());
    }

    /** How many objects of a kind there are in each version. */
    public FakeTruth truth(String resource) {
        FakeKind kind = FakeKind.ofPlural(resource);
        if (kind == null) {
            throw new IllegalArgumentException("there is no kind " + resource);
        }
        return FakeTruth.of(this, kind);
    }

    /** Without the namespaces that have none. */
    public Map<String, Long> podsByNamespace() {
        return byNamespace("pods");
    }

    /** How many objects of a kind each namespace holds, without those that hold none. */
    public Map<String, Long> byNamespace(String resource) {
        FakeKind kind = FakeKind.ofPlural(resource);
        if (kind == null || !kind.namespaced() || count(kind) < 0) {
            throw new IllegalArgumentException("no namespace has any " + resource);
        }
        FakeBlocks blocks = FakeBlocks.of(this, kind);
        Map<String, Long> truth = new TreeMap<>();
        for (int i = 0; i < namespaces; i++) {
            if (blocks.to(i) > blocks.from(i)) {
                truth.put(namespaceName(i), (long) blocks.to(i) - blocks.from(i));
            }
        }
        return truth;
    }

    public Map<String, Long> servicesByType() {
        Map<String, Long> truth = new TreeMap<>();
        for (int i = 0; i < count("services"); i++) {
            truth.merge(FakeFacts.serviceType(i), 1L, Long::sum);
        }
        return truth;
    }

    public long headlessServices() {
        return (count("services") + 1) / 5;
    }

    public long terminatingNamespaces() {
        return namespaces / 5;
    }

    public long readyNodes() {
        int nodes = count("nodes");
        return nodes - (nodes + 6) / 7;
    }

    /** In the order of keys; {@code kube-system} is the first. */
    public String namespaceName(int index) {
        return new FakeObject(this, FakeKind.NAMESPACES, index, "").name();
    }
}
