package org.collectionscheduler.kubernetes;

import java.util.concurrent.atomic.AtomicLong;

/** The resource versions of a cluster: each request finds a newer one, and old ones can be forgotten. */
final class FakeVersions {

    static final long FIRST = 1000;

    private final AtomicLong current = new AtomicLong(FIRST);
    private final AtomicLong oldest = new AtomicLong(FIRST);
    private volatile long kept = Long.MAX_VALUE;

    long current() {
        return current.get();
    }

    long next() {
        return current.incrementAndGet();
    }

    /** Forgets all versions before the current one. */
    void compact() {
        oldest.set(current());
    }

    /** Forgets versions from now on when they are older than so many. */
    void keep(long versions) {
        kept = versions;
    }

    boolean forgotten(long version) {
        return version < oldest.get() || current() - version > kept;
    }
}
