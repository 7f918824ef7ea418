package org.collectionscheduler.run;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a failed run is attempted again: exponential backoff with jitter and a cap.
 *
 * @param maxAttempts attempts of one run at most, the first included; at least 1
 * @param initialDelay before the second attempt
 * @param multiplier by which each further delay grows; at least 1
 * @param maxDelay cap of the delay before jitter
 * @param jitter share of the delay, from 0 to 1, that is random: the delay is uniform in {@code [(1 - jitter) * d, d]}
 */
public record RetryPolicy(int maxAttempts, Duration initialDelay, double multiplier, Duration maxDelay, double jitter) {

    public RetryPolicy {
        if (maxAttempts < 1 || multiplier < 1 || jitter < 0 || jitter > 1) {
            throw new IllegalArgumentException("max-attempts " + maxAttempts + " and multiplier " + multiplier
                    + " must be at least 1, jitter " + jitter + " must lie in [0, 1]");
        }
        if (initialDelay.isNegative() || maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException(
                    "initial-delay " + initialDelay + " must lie between zero and max-delay " + maxDelay);
        }
    }

    /**
     * The delay between attempt {@code attempt} and the next one.
     *
     * @param attempt number of the attempt that failed, from 1
     */
    public Duration delayAfter(int attempt, RandomGenerator random) {
        double exponential = initialDelay.toMillis() * Math.pow(multiplier, attempt - 1.0);
        double capped = Math.min(exponential, maxDelay.toMillis());
        return Duration.ofMillis(Math.round(capped * (1 - jitter * random.nextDouble())));
    }
}
