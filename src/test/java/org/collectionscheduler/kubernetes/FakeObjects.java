package org.collectionscheduler.kubernetes;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the objects of a cluster by place, by namespace and by key. */
final class FakeObjects {

    /** Places from the first up to, and without, the last. */
    record Range(int from, int to) {

        static final Range NONE = new Range(0, 0);
    }

    private final FakeCluster cluster;
    private final String[] namespaces;
    private final Map<FakeKind, FakeBlocks> blocks = new EnumMap<>(FakeKind.class);

    FakeObjects(FakeCluster cluster) {
        this.cluster = cluster;
        this.namespaces = new String[cluster.namespaces()];
        for (int i = 0; i < namespaces.length; i++) {
            namespaces[i] = cluster.namespaceName(i);
        }
        for (FakeKind kind : FakeKind.values()) {
            if (kind.namespaced() && cluster.count(kind) >= 0) {
                blocks.put(kind, FakeBlocks.of(cluster, kind));
            }
        }
    }

    FakeCluster cluster() {
        return cluster;
    }

    FakeObject object(FakeKind kind, int index) {
        FakeBlocks block = blocks.get(kind);
        return new FakeObject(cluster, kind, index, block == null ? "" : namespaces[block.namespaceOf(index)]);
    }

    /** In which versions an object is there. */
    FakeLifetime lifetime(FakeKind kind, int index) {
        FakeChurn churn = cluster.churn();
        if (churn == null) {
            return FakeLifetime.ALWAYS;
        }
        FakeLifetime own = churn.lifetime(object(kind, index));
        FakeBlocks block = blocks.get(kind);
        return block == null ? own : own.within(lifetime(FakeKind.NAMESPACES, block.namespaceOf(index)));
    }

    /** How many of a range are there in a version. */
    int count(FakeKind kind, Range range, long version) {
        if (cluster.churn() == null) {
            return range.to() - range.from();
        }
        int count = 0;
        for (int i = range.from(); i < range.to(); i++) {
            count += lifetime(kind, i).covers(version) ? 1 : 0;
        }
        return count;
    }

    /** @param namespace null for all; one that does not exist holds nothing */
    Range range(FakeKind kind, @Nullable String namespace) {
        if (namespace == null) {
            return new Range(0, cluster.count(kind));
        }
        int found = first(namespaces.length, i -> namespaces[i].compareTo(namespace) >= 0);
        FakeBlocks block = blocks.get(kind);
        if (block == null || found == namespaces.length || !namespaces[found].equals(namespace)) {
            return Range.NONE;
        }
        return new Range(block.from(found), block.to(found));
    }

    /** The place of the first object of a range whose key is not before the given one; its end when there is none. */
    int firstNotBefore(String key, FakeKind kind, Range range, @Nullable String namespace) {
        int found = first(
                range.to() - range.from(),
                i -> key(object(kind, range.from() + i), namespace).compareTo(key) >= 0);
        return range.from() + found;
    }

    /**
     * @param namespace null for what is in none
     * @return null when there is none of that name in that version
     */
    @Nullable FakeObject find(FakeKind kind, @Nullable String namespace, String name, long version) {
        Range range = range(kind, namespace);
        int index = firstNotBefore(name, kind, range, namespace);
        if (index == range.to()) {
            return null;
        }
        FakeObject found = object(kind, index);
        return found.name().equals(name) && lifetime(kind, index).covers(version) ? found : null;
    }

    /** Where in its list an object is: within a namespace by its name, otherwise by its namespace before that. */
    static String key(FakeObject object, @Nullable String namespace) {
        return namespace == null && object.kind().namespaced()
                ? object.namespace() + "/" + object.name()
                : object.name();
    }

    @FunctionalInterface
    private interface Reached {
        boolean at(int place);
    }

    private static int first(int count, Reached reached) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (reached.at(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
