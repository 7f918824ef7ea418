package org.collectionscheduler.kubernetes;

/** Numbers that look random and are always the same for the same seed: nothing of a large cluster has to be kept. */
final class FakeRandom {

    static final long STEP = 0x9E3779B97F4A7C15L;

    private FakeRandom() {}

    /** The finalizer of SplitMix64. */
    static long mix(long seed) {
        long mixed = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** At least 0 and less than the bound. */
    static int below(int bound, long random) {
        return (int) ((random >>> 33) % bound);
    }

    /** At least 0 and less than 1. */
    static double fraction(long random) {
        return (random >>> 11) * 0x1.0p-53;
    }
}
