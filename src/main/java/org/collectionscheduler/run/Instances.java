package org.collectionscheduler.run;

import java.time.Duration;
import java.util.List;

/** The processes that share the store, this one included. */
public interface Instances {

    /**
     * The live ones, the longest-lived first.
     *
     * @throws org.collectionscheduler.store.StoreUnavailableException when it cannot be told
     */
    List<InstanceStatus> list();

    /**
     * Has an instance take nothing more, for as long as it lives; what it runs goes on. Others take what it leaves.
     *
     * @return false when there is no such live instance
     * @throws org.collectionscheduler.store.StoreUnavailableException when it was not stored
     */
    boolean drain(String id);

    /** By how much this process' clock is ahead of that by which all go; negative when it is behind. */
    Duration clockDifference();
}
