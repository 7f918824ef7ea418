package org.collectionscheduler.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run whose end, or whose attempt's end, was stored, and what came of it.
 *
 * @param suspendedUntil when the failure policy lets the collection go on; null unless this end made it rest
 * @param recoveredFrom end of the rest that this success ended; null when there was none
 */
record RunEnd(
        Run run, @Nullable Instant suspendedUntil, @Nullable Instant recoveredFrom) {

    static RunEnd of(Run run) {
        return new RunEnd(run, null, null);
    }
}
