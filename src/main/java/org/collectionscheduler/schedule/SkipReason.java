package org.collectionscheduler.schedule;

import java.util.Locale;

/** Why slots were passed over. */
public enum SkipReason {
    /** An earlier run of the collection had not ended. */
    OVERLAP,
    /** An earlier attempt ignores its cancellation and still runs. */
    STUCK,
    /** They were missed while nothing could run, and the configuration says {@code missed-runs: skip}. */
    MISSED;

    /** As it appears in metrics, stored rows and endpoints. */
    public String lowerCaseName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
