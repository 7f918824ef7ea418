package org.collectionscheduler.kubernetes;

/** One object of a {@link FakeCluster}: only where it stands, from which everything about it is made when it is read. */
final class FakeObject {

    static final int RANK_WIDTH = 7;

    /** As many as there are numbers of {@link #RANK_WIDTH} digits to the base 36. */
    private static final long RANKS = 78_364_164_096L;

    private final FakeCluster cluster;
    private final FakeKind kind;
    private final int index;
    private final String namespace;
    private final long base;

    /**
     * @param index its place among all of its kind in the order of keys
     * @param namespace empty for what is in none
     */
    FakeObject(FakeCluster cluster, FakeKind kind, int index, String namespace) {
        this.cluster = cluster;
        this.kind = kind;
        this.index = index;
        this.namespace = namespace;
        this.base = FakeRandom.mix(cluster.seed() + kind.ordinal() * 7919L + index * FakeRandom.STEP);
    }

    FakeCluster cluster() {
        return cluster;
    }

    FakeKind kind() {
        return kind;
    }

    int index() {
        return index;
    }

    String namespace() {
        return namespace;
    }

    /** Always the same for the same salt. */
    long random(int salt) {
        return FakeRandom.mix(base + salt * FakeRandom.STEP);
    }

    /** The resource version of its last change. */
    long version() {
        long old = 100 + FakeRandom.below(900, random(5));
        FakeChurn churn = cluster.churn();
        return churn == null ? old : Math.max(old, churn.lifetime(this).born());
    }

    /** A random number that is greater than that of all objects before it, so that names are in the order of keys. */
    long rank() {
        long gap = RANKS / Math.max(1, cluster.count(kind));
        return index * gap + (random(1) >>> 1) % gap;
    }

    String name() {
        FakeBytes out = FakeBytes.small();
        writeName(out);
        return out.text();
    }

    void writeName(FakeBytes out) {
        if (kind == FakeKind.NAMESPACES && index == 0) {
            out.ascii("kube-system");
        } else {
            kind.nameTemplate().write(out, this);
        }
    }

    /** The node that it runs on. */
    FakeObject node() {
        int nodes = Math.max(1, cluster.count(FakeKind.NODES));
        return new FakeObject(cluster, FakeKind.NODES, FakeRandom.below(nodes, random(2)), "");
    }
}
