package org.collectionscheduler.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param completeness null unless it succeeded
 * @param reason which parts a partial success lacks; null otherwise
 * @param error why it failed, for an operator; null when it succeeded
 * @param duration by a monotonic clock
 * @param worthRepeating whether another attempt may go better
 * @param content the payload's JSON; null unless it succeeded
 */
public record AttemptEnd(
        RunOutcome outcome,
        @Nullable Completeness completeness,
        @Nullable String reason,
        @Nullable String error,
        Duration duration,
        boolean worthRepeating,
        @Nullable String content) {

    public AttemptEnd {
        if ((outcome == RunOutcome.SUCCEEDED) != (content != null)) {
            throw new IllegalArgumentException("a success has a payload, and nothing else has: " + outcome);
        }
    }

    static AttemptEnd succeeded(String content, @Nullable String missing, Duration duration) {
        Completeness completeness = missing == null ? Completeness.FULL : Completeness.PARTIAL;
        return new AttemptEnd(RunOutcome.SUCCEEDED, completeness, missing, null, duration, false, content);
    }

    static AttemptEnd failed(String error, Duration duration, boolean worthRepeating) {
        return new AttemptEnd(RunOutcome.FAILED, null, null, error, duration, worthRepeating, null);
    }

    static AttemptEnd ended(RunOutcome outcome, String error, Duration duration, boolean worthRepeating) {
        return new AttemptEnd(outcome, null, null, error, duration, worthRepeating, null);
    }
}
