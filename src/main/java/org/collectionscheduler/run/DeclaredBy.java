package org.collectionscheduler.run;

/** Who says that a collection exists. */
public enum DeclaredBy {
    /** The configuration: what it no longer names is retired when it is read again, or at the next start. */
    CONFIGURATION,
    /** Code in the process, which says so again after each start: until then the collection keeps its state and rests. */
    PROCESS
}
