package org.collectionscheduler.dispatch.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When others are to look at what comes due and this process does not follow: soon, so that those who do follow it are
 * hardly late, but more and more seldom while nobody does.
 */
final class LeftToOthers {

    private static final Duration SOON = Duration.ofMillis(500);

    /** Whoever follows it may have looked a moment too late so often, and loses nothing by it. */
    private static final int AT_FIRST = 4;

    /** After the first ones the time doubles so often: up to 8 s. */
    private static final int DOUBLED = 4;

    private final Clock clock;
    private final Map<String, Left> all = new ConcurrentHashMap<>();

    private record Left(String progress, int times) {}

    LeftToOthers(Clock clock) {
        this.clock = clock;
    }

    /** When others are to look at a collection of which it is not known whether anybody follows it. */
    Instant soon() {
        return clock.instant().plus(SOON);
    }

    /**
     * When others are to look at that collection.
     *
     * @param progress another one whenever somebody has done anything for the collection
     */
    Instant next(String collection, String progress) {
        int times = all.merge(collection, new Left(progress, 1), LeftToOthers::again)
                .times();
        int doubled = Math.min(DOUBLED, Math.max(0, times - AT_FIRST));
        return clock.instant().plus(SOON.multipliedBy(1L << doubled));
    }

    private static Left again(Left before, Left now) {
        return before.progress().equals(now.progress()) ? new Left(now.progress(), before.times() + 1) : now;
    }

    /** Nobody follows that collection any more. */
    void forget(String collection) {
        all.remove(collection);
    }
}
