package org.collectionscheduler.schedule;

import java.util.Locale;

/** Why slots were passed over, or a run that had not begun was dropped. */
public enum SkipReason {
    /** As many runs of the collection as may overlap had not ended. */
    OVERLAP,
    /** An earlier attempt ignores its cancellation and still runs. */
    STUCK,
    /** They were missed while nothing could run, and the configuration says {@code missed-runs: skip}. */
    MISSED,
    /** It was too late to start. */
    START_DEADLINE,
    /** Somebody asked for it, and no permit was free in time. */
    QUEUE_TIMEOUT,
    /** They lie in a quiet time. */
    QUIET,
    /** A change to or from daylight saving time has brought it closer to the slot before than the collector allows. */
    MINIMUM_INTERVAL;

    /** As it appears in metrics, stored rows and endpoints: words joined by dashes. */
    public String lowerCaseName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
