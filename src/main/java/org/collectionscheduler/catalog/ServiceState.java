package org.collectionscheduler.catalog;

/** What the service as a whole is doing. */
public enum ServiceState {
    STOPPED,
    STARTING,
    RUNNING,
    STOPPING,
    /** It could not start. */
    ERROR
}
