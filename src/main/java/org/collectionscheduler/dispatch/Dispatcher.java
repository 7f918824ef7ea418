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

    /** Sets every timer anew and wakes every collection: the wall clock was stepped, or the machine slept. */
    void rearm();

    /** Wakes nothing more. Runs that have begun go on. */
    void stop();
}
