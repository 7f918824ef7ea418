package org.collectionscheduler.run;

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
        @Nullable String error) {}
