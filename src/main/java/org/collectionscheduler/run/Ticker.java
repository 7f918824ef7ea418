package org.collectionscheduler.run;

import java.time.Duration;

/** Monotonic time, for how long something took: wall clocks are stepped. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since an arbitrary moment. */
    long nanos();

    /** Time since {@code startNanos}, an earlier answer of {@link #nanos()}. */
    default Duration since(long startNanos) {
        return Duration.ofNanos(nanos() - startNanos);
    }
}
