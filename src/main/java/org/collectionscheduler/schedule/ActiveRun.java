package org.collectionscheduler.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An unfinished run at the moment of a decision.
 *
 * @param dueAt its slot, or when it was asked for
 * @param attempt number of its newest attempt; 0 before the first
 * @param nextAttemptAt when it is due to be attempted; null unless {@code stage} is {@code RESTING} or {@code OFFERED}
 */
public record ActiveRun(
        String id,
        RunKind kind,
        Instant dueAt,
        int attempt,
        Stage stage,
        @Nullable Instant nextAttemptAt) {

    /** What an unfinished run is doing. */
    public enum Stage {
        /** In the queue, for a permit; its next attempt has not begun. */
        QUEUED,
        /** In the queue of another process that lives, before its first attempt; whoever has a permit may begin it. */
        OFFERED,
        /** Being attempted; it will end or rest by itself. */
        ATTEMPTED,
        /** Nobody takes care of it until its next attempt is due. */
        RESTING
    }

    public ActiveRun {
        boolean planned = stage == Stage.RESTING || stage == Stage.OFFERED;
        if (planned != (nextAttemptAt != null)) {
            throw new IllegalArgumentException("a run that is " + stage + " has next attempt " + nextAttemptAt);
        }
    }

    /** Whether it serves a slot. */
    boolean hasSlot() {
        return kind == RunKind.SCHEDULE || kind == RunKind.CATCH_UP;
    }
}
