package org.collectionscheduler.kubernetes;

/**
 * How objects come and go while lists are read.
 *
 * @param percent so many of all objects appear only later, and so many vanish; of namespaces, with which all that is in
 *     them comes and goes, a quarter of that
 * @param versions over so many resource versions after the first this happens
 */
record FakeChurn(int percent, int versions) {

    FakeChurn {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percent is " + percent + "; it must be between 0 and 100");
        }
        if (versions < 1) {
            throw new IllegalArgumentException("versions is " + versions + "; it must be at least 1");
        }
    }

    /** When an object is there, without regard to its namespace. */
    FakeLifetime lifetime(FakeObject object) {
        if (object.kind() == FakeKind.NAMESPACES && object.index() == 0) {
            return FakeLifetime.ALWAYS;
        }
        double share = percent / (object.kind() == FakeKind.NAMESPACES ? 400.0 : 100.0);
        long appears = object.random(11);
        long vanishes = object.random(13);
        long born = FakeRandom.fraction(appears) < share ? someVersion(appears) : 0;
        long gone = FakeRandom.fraction(vanishes) < share ? someVersion(vanishes) : Long.MAX_VALUE;
        return born < gone ? new FakeLifetime(born, gone) : new FakeLifetime(gone, born);
    }

    private long someVersion(long random) {
        return FakeVersions.FIRST + 1 + FakeRandom.below(versions, FakeRandom.mix(random));
    }
}
