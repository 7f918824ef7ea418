package org.collectionscheduler.schedule;

/** Whether the start of the service itself is a reason to run. */
public enum RunOnStart {
    NEVER,
    /** Only for a collection no run of which has ever started. */
    IF_NEVER_RUN,
    ALWAYS
}
