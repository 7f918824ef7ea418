package org.collectionscheduler.dispatch;

import java.util.Collection;
import org.collectionscheduler.run.ScheduledCollection;

/**
 * Wakes each collection when it is due, from one place at a time, and decides nothing. Whatever is due when it starts is
 * found by waking every collection once.
 */
public interface Dispatcher {

    /** The name shown to operators: which adapter runs. */
    String engine();

    /** Begins to wake these collections. */
    void start(Collection<ScheduledCollection> collections);

    /**
     * Wakes this collection, too, at once and then whenever it is due; in place of one of the same name, if there is
     * one. Does nothing unless it is started.
     */
    void add(ScheduledCollection collection);

    /**
     * Wakes the collection of that name no more. Runs that have begun go on. Does nothing when there is none.
     *
     * @param collection as it was added, letter for letter
     */
    void remove(String collection);

    /** Sets every timer anew and wakes every collection: the wall clock was stepped, or the machine slept. */
    void rearm();

    /** Wakes nothing more. Runs that have begun go on. */
    void stop();
}
