package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a run, as stored.
 *
 * @param number from 1; the fencing token
 * @param instance the process that made it
 * @param finishedAt null while it runs
 * @param outcome null while it runs
 * @param error null unless it failed
 */
public record Attempt(
        int number,
        String instance,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable RunOutcome outcome,
        @Nullable String error) {

    /** By the wall clock; null while it runs. */
    @Nullable Duration duration() {
        if (finishedAt == null) {
            return null;
        }
        return finishedAt.isBefore(startedAt) ? Duration.ZERO : Duration.between(startedAt, finishedAt);
    }

    boolean isOpenSince(Instant start, String byInstance) {
        return finishedAt == null && startedAt.equals(start) && instance.equals(byInstance);
    }

    /** Whether that end is the stored one. Only an attempt itself ends otherwise than {@code ABANDONED}. */
    boolean endedAs(RunOutcome end, Instant now) {
        return outcome == end && (end != RunOutcome.ABANDONED || now.equals(finishedAt));
    }
}
