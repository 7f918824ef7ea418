package org.collectionscheduler.run;

import java.util.Locale;

/** How a run, or an attempt, ended. Only {@code SUCCEEDED} is a success. */
public enum RunOutcome {
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    /** Ended by the service's stop. */
    CANCELLED,
    /** Its slot was passed over; nothing was attempted. */
    SKIPPED,
    /** Its process ended, or its result was lost, while it ran. */
    ABANDONED;

    /** True when it counts as a failed run in a row of failed runs. */
    public boolean isFailure() {
        return this == FAILED || this == TIMED_OUT || this == ABANDONED;
    }

    /** As it appears in metrics. */
    public String lowerCaseName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
