package org.collectionscheduler.cluster;

import java.util.Locale;

/** How a collector of a play behaves. */
enum Behaviour {
    /** Returns at once. */
    QUICK,
    /** Takes 1 to 6 seconds, and heeds its cancellation. */
    SLOW,
    /** Fails now and then. */
    FAILING,
    /** Takes its time, and must not be repeated. */
    ONCE,
    /** Takes 1 to 6 seconds, whatever is done to it. */
    STUBBORN,
    /** Fails always. */
    BROKEN;

    String collector() {
        return "played-" + name().toLowerCase(Locale.ROOT);
    }
}
