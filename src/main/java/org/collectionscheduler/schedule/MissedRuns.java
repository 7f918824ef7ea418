package org.collectionscheduler.schedule;

/** What happens to slots that passed while nothing could run. */
public enum MissedRuns {
    /** They become one run, however many they are. */
    RUN_ONCE,
    /** They are recorded as skipped. */
    SKIP
}
