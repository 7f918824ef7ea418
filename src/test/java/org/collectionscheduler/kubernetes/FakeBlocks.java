package org.collectionscheduler.kubernetes;

import java.util.Arrays;

/** Which objects of one kind are in which namespace: in the order of keys each namespace is one block. */
final class FakeBlocks {

    private static final double EMPTY_SHARE = 0.15;

    private final int[] starts;

    private FakeBlocks(int[] starts) {
        this.starts = starts;
    }

    /** Some namespaces are empty, most are small, and a few hold most of all. {@code kube-system} may hold any. */
    static FakeBlocks of(FakeCluster cluster, FakeKind kind) {
        int namespaces = cluster.namespaces();
        double[] upTo = new double[namespaces];
        double sum = 0;
        for (int i = 0; i < namespaces; i++) {
            long random = FakeRandom.mix(cluster.seed() * 31 + kind.ordinal() + i * FakeRandom.STEP);
            boolean empty = i > 0 && FakeRandom.fraction(random) < EMPTY_SHARE;
            sum += empty ? 0 : Math.pow(0.005 + FakeRandom.fraction(FakeRandom.mix(random)), -1.2);
            upTo[i] = sum;
        }
        int[] starts = new int[namespaces + 1];
        for (int i = 0; i < namespaces; i++) {
            starts[i + 1] = (int) (upTo[i] / sum * cluster.count(kind));
        }
        return new FakeBlocks(starts);
    }

    /** The place of the first object of a namespace. */
    int from(int namespace) {
        return starts[namespace];
    }

    /** The place behind the last object of a namespace. */
    int to(int namespace) {
        return starts[namespace + 1];
    }

    /** The namespace of an object. */
    int namespaceOf(int index) {
        int found = Arrays.binarySearch(starts, index);
        if (found < 0) {
            return Math.min(-found - 2, starts.length - 2);
        }
        int last = found; // empty namespaces begin where the next one does
        while (last + 1 < starts.length - 1 && starts[last + 1] == index) {
            last++;
        }
        return Math.min(last, starts.length - 2);
    }
}
