package org.collectionscheduler.run;

import java.util.Optional;

/** How many runs of a collector may go at a time in all processes that share the store. Safe for use by many threads. */
public interface DeploymentLimits {

    /** There is no other process. */
    DeploymentLimits NONE = (collector, most) -> Optional.of(() -> {});

    /** One run that was counted. */
    @FunctionalInterface
    interface Counted {

        /** It has ended; called once. Should this process end before, it counts no more either. */
        void release();
    }

    /**
     * Counts one more run of that collector in this process. May wait for the database.
     *
     * @param most in all processes together, at least 1
     * @return empty when there are as many as may be, or that cannot be told now: nothing was counted
     */
    Optional<Counted> tryAcquire(String collector, int most);
}
