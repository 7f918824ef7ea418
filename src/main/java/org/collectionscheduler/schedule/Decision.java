package org.collectionscheduler.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What to do about a collection now. After every decision but the last two, decide again. */
public sealed interface Decision {

    /**
     * Begin a run.
     *
     * @param slot the slot that it claims; null for a run that has none
     * @param missed the slots that it makes up for, of which {@code slot} is the last; null unless it is a catch-up
     */
    record Start(
            RunKind kind, @Nullable Instant slot, @Nullable SlotRange missed) implements Decision {}

    /** Record that these slots are passed over. */
    record Skip(SlotRange slots, SkipReason reason) implements Decision {}

    /** Make the next attempt of that unfinished run. */
    record StartAttempt(String runId) implements Decision {}

    /**
     * End that unfinished run without a further attempt.
     *
     * @param tooLate why it may not start any more; null when the next slot has come or the collection is no longer
     *     followed
     */
    record GiveUp(String runId, @Nullable SkipReason tooLate) implements Decision {}

    /** Nothing to do before that instant, unless something changes. */
    record WaitUntil(Instant at) implements Decision {}

    /** Nothing to do until something changes. */
    record WaitForChange() implements Decision {}
}
