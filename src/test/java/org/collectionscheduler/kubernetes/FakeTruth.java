package org.collectionscheduler.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * How many objects there are in each version of a cluster, so that a count that was made while they came and went can be
 * judged: it lies between the least and the most that there were meanwhile.
 */
public final class FakeTruth {

    private record Entry(FakeObject object, FakeLifetime lifetime) {}

    private final List<Entry> entries;

    private FakeTruth(List<Entry> entries) {
        this.entries = entries;
    }

    static FakeTruth of(FakeCluster cluster, FakeKind kind) {
        FakeObjects objects = new FakeObjects(cluster);
        return new FakeTruth(IntStream.range(0, cluster.count(kind))
                .mapToObj(i -> new Entry(objects.object(kind, i), objects.lifetime(kind, i)))
                .toList());
    }

    /** Only what is in one namespace. */
    public FakeTruth inNamespace(String namespace) {
        return where(object -> object.namespace().equals(namespace));
    }

    /** Only services of one type. */
    public FakeTruth ofType(String type) {
        return where(object -> FakeFacts.serviceType(object.index()).equals(type));
    }

    /** Only services that have no address of their own. */
    public FakeTruth headless() {
        return where(object -> FakeFacts.clusterIp(object).equals("None"));
    }

    /** Only namespaces in one phase. */
    public FakeTruth inPhase(String phase) {
        return where(object -> FakeFacts.namespacePhase(object.index()).equals(phase));
    }

    /** How many there are in one version. */
    public long at(long version) {
        return entries.stream()
                .filter(entry -> entry.lifetime().covers(version))
                .count();
    }

    /** How many each namespace holds in one version, without those that hold none. */
    public Map<String, Long> byNamespace(long version) {
        Map<String, Long> counts = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.lifetime().covers(version)) {
                counts.merge(entry.object().namespace(), 1L, Long::sum);
            }
        }
        return counts;
    }

    /** How many are there in every one of some versions, both ends included. */
    public long always(long fromVersion, long toVersion) {
        return entries.stream()
                .map(Entry::lifetime)
                .filter(lifetime -> lifetime.born() <= fromVersion && lifetime.gone() > toVersion)
                .count();
    }

    /** How many are there in at least one of some versions, both ends included. */
    public long ever(long fromVersion, long toVersion) {
        return entries.stream()
                .map(Entry::lifetime)
                .filter(lifetime -> lifetime.born() <= toVersion && lifetime.gone() > fromVersion)
                .count();
    }

    /** The least that there are in any of some versions, both ends included. */
    public long minimum(long fromVersion, long toVersion) {
        return counts(fromVersion, toVersion).values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElseThrow();
    }

    /** The most that there are in any of some versions, both ends included. */
    public long maximum(long fromVersion, long toVersion) {
        return counts(fromVersion, toVersion).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
    }

    /** How many there are at the first version and at each at which that changes. */
    private Map<Long, Long> counts(long fromVersion, long toVersion) {
        TreeMap<Long, Long> changes = new TreeMap<>();
        for (Entry entry : entries) {
            FakeLifetime lifetime = entry.lifetime();
            long born = Math.max(lifetime.born(), fromVersion);
            if (born < lifetime.gone() && born <= toVersion) {
                changes.merge(born, 1L, Long::sum);
                changes.merge(lifetime.gone(), -1L, Long::sum);
            }
        }
        changes.putIfAbsent(fromVersion, 0L);
        Map<Long, Long> counts = new TreeMap<>();
        long count = 0;
        for (Map.Entry<Long, Long> change : changes.headMap(toVersion, true).entrySet()) {
            count += change.getValue();
            counts.put(change.getKey(), count);
        }
        return counts;
    }

    private FakeTruth where(Predicate<FakeObject> wanted) {
        return new FakeTruth(
                entries.stream().filter(entry -> wanted.test(entry.object())).toList());
    }
}
