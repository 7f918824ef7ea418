package org.collectionscheduler.run;

/** The other processes that share the store. */
@FunctionalInterface
public interface Peers {

    /** There are none: whoever else has made an attempt has ended. */
    Peers NONE = instance -> false;

    /**
     * Whether that instance is another process that may still be making attempts. Once false, always false.
     * @throws org.collectionscheduler.store.StoreUnavailableException when the store does not tell
     */
    boolean isAlive(String instance);
}
