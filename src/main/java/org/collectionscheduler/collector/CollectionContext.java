package org.collectionscheduler.collector;

import java.time.Clock;
import java.time.Duration;

/** What a collector is told about the attempt that it makes. Safe for use by several threads of that attempt. */
public interface CollectionContext {

    /** Name of the collection that this run belongs to. */
    String collection();

    /** Id of the run. It stays the same in all attempts of one run. */
    String runId();

    /** Number of this attempt, from 1. */
    int attempt();

    /** The service's clock, for every timestamp in the data. */
    Clock clock();

    /** Time left until the attempt is cancelled, by a monotonic clock; never negative. */
    Duration remaining();

    /** How names and identifiers are made unreadable before they enter the data. */
    Pseudonyms pseudonyms();

    /**
     * The parameters of the collection.
     *
     * @param type what {@link Collector#parametersType()} returns
     * @throws IllegalStateException when it returns another type
     */
    default <T extends Record> T parameters(Class<T> type) {
        throw new IllegalStateException("there are no parameters; return " + type.getSimpleName()
                + ".class from parametersType() of the collector");
    }

    /**
     * Has {@code resource} closed, from another thread, when the attempt is cancelled: the way out of blocking calls
     * that ignore interrupts. The collector still closes it itself in the normal case; closing must be repeatable. A
     * resource registered after the cancellation is closed at once.
     *
     * @return the same resource
     */
    <T extends AutoCloseable> T closeOnCancel(T resource);
}
