package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whether a queue grows, as opposed to having jumped, swinging, or being long: it does while the least length in each
 * fifth of the time that is looked at exceeds that in the fifth before.
 */
final class QueueGrowth {

    private static final int PARTS = 5;

    private record Sample(long nanos, int length) {}

    private final long period;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /** @param period that is looked at; longer than zero */
    QueueGrowth(Duration period) {
        this.period = period.toNanos();
    }

    /**
     * Adds a sample.
     *
     * @param nanos monotonic time
     * @return whether the queue has grown for the whole period
     */
    boolean grows(long nanos, int length) {
        samples.addLast(new Sample(nanos, length));
        while (samples.size() > 1 && nanos - samples.getFirst().nanos() > period) {
            samples.removeFirst();
        }
        int[] least = new int[PARTS];
        java.util.Arrays.fill(least, Integer.MAX_VALUE);
        for (Sample sample : samples) {
            long age = nanos - sample.nanos();
            int part = (int) Math.min(PARTS - 1, (period - Math.min(age, period)) / Math.max(1, period / PARTS));
            least[part] = Math.min(least[part], sample.length());
        }
        for (int i = 1; i < PARTS; i++) {
            if (least[i - 1] >= least[i] || least[i] == Integer.MAX_VALUE) {
                return false;
            }
        }
        return true;
    }
}
