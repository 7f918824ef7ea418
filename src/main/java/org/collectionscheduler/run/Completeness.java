package org.collectionscheduler.run;

/** How much of what it was asked for a successful run brought back. */
public enum Completeness {
    FULL,
    PARTIAL
}
