package org.collectionscheduler.run;

import java.util.OptionalInt;

/** How many runs of a collector may go at a time. */
interface CollectorLimits {

    /** In this process, at least 1. */
    int here(String collector);

    /** In all processes that share the store, at least 1; empty for any number. */
    OptionalInt everywhere(String collector);
}
