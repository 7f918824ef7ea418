package org.collectionscheduler.run;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Monotonic time that a test moves. */
public final class MutableTicker implements Ticker {

    private final AtomicLong nanos = new AtomicLong(1_000);

    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }
}
