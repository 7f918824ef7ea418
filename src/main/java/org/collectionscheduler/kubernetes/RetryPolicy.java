package org.collectionscheduler.kubernetes;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often and how soon a request that failed is sent again.
 *
 * @param attempts how often it is sent at most, the first time included
 * @param firstDelay before the second time; doubled each time after
 * @param longestDelay where the doubling ends; a server that asks for more gets more
 */
record RetryPolicy(int attempts, Duration firstDelay, Duration longestDelay) {

    static final RetryPolicy DEFAULTS = new RetryPolicy(4, Duration.ofMillis(500), Duration.ofSeconds(10));

    RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts is " + attempts + "; at least 1 is needed");
        }
        if (firstDelay.isNegative() || longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("delays from " + firstDelay + " to " + longestDelay + " are no range");
        }
    }

    /**
     * How long to wait after a failure.
     *
     * @param attempt number of the attempt that failed, from 1
     * @param asked what the server asked for; null when it asked for nothing
     */
    Duration delayAfter(int attempt, @Nullable Duration asked) {
        Duration delay = firstDelay;
        for (int n = 1; n < attempt && delay.compareTo(longestDelay) < 0; n++) {
            delay = delay.multipliedBy(2);
        }
        Duration own = delay.compareTo(longestDelay) < 0 ? delay : longestDelay;
        return asked != null && asked.compareTo(own) > 0 ? asked : own;
    }
}
