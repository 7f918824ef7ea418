package org.collectionscheduler.run;

/** How many runs of a collector may go at a time in all processes that share the store. Safe for use by many threads. */
public interface DeploymentLimits {

    /** There is no other process. */
    DeploymentLimits NONE = new DeploymentLimits() {
        @Override
        public boolean tryAcquire(String collector, int most) {
            return true;
        }

        @Override
        public void release(String collector) {
            // Nothing was counted.
        }
    };

    /**
     * Counts one more run of that collector in this process. May wait for the database.
     *
     * @param most in all processes together, at least 1
     * @return false when there are as many as may be, or that cannot be told now: nothing was counted
     */
    boolean tryAcquire(String collector, int most);

    /** One that was counted has ended. Should this process end before, it counts no more either. */
    void release(String collector);
}
