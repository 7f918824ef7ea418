package org.collectionscheduler.schedule;

/** Why a run exists. */
public enum RunKind {
    /** Its slot has come. */
    SCHEDULE,
    /** One or more slots were missed; it serves the latest of them. */
    CATCH_UP,
    /** The service has started, and the configuration asks for a run then. It has no slot. */
    START,
    /** Somebody asked for it. It has no slot. */
    DEMAND
}
