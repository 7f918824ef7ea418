package org.collectionscheduler.schedule;

import java.time.Instant;

/** What a collection is doing at the moment of a decision. */
public sealed interface Activity {

    /** No unfinished run. */
    record Idle() implements Activity {}

    /** A run is queued or being attempted, and will end by itself. */
    record Busy() implements Activity {}

    /** Every run is finished, but an attempt that was given up still runs. */
    record Stuck() implements Activity {}

    /** A run waits for its next attempt, due at {@code nextAttemptAt}. */
    record Retrying(Instant nextAttemptAt) implements Activity {}

    Activity IDLE = new Idle();
    Activity BUSY = new Busy();
    Activity STUCK = new Stuck();
}
