package org.collectionscheduler.kubernetes;

/**
 * In which versions an object is there.
 *
 * @param born the first of them
 * @param gone the first behind them
 */
record FakeLifetime(long born, long gone) {

    static final FakeLifetime ALWAYS = new FakeLifetime(0, Long.MAX_VALUE);

    boolean covers(long version) {
        return born <= version && version < gone;
    }

    /** What is in a namespace is there only while that is. */
    FakeLifetime within(FakeLifetime other) {
        return new FakeLifetime(Math.max(born, other.born), Math.min(gone, other.gone));
    }
}
