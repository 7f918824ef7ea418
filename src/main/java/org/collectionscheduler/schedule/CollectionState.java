package org.collectionscheduler.schedule;

/** Whether a collection's schedule is followed. */
public enum CollectionState {
    ACTIVE,
    /** Switched off by configuration. */
    DISABLED,
    /** Held by an operator; nothing but an operator resumes it. */
    PAUSED,
    /** Rested by the failure policy. */
    SUSPENDED,
    /** Its schedule has no further slot. */
    COMPLETED,
    /** No longer declared; its history is kept. */
    RETIRED,
    /** Its stored row cannot be read. */
    QUARANTINED
}
