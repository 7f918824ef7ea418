package org.collectionscheduler.run;

/** How far a run has come. */
public enum RunState {
    /** Claimed, no attempt made. */
    WAITING,
    /** An attempt is being made. */
    RUNNING,
    /** An attempt has failed and another one is due later. */
    RETRYING,
    FINISHED
}
