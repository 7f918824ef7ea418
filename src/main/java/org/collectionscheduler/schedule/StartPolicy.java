package org.collectionscheduler.schedule;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run may start.
 *
 * @param missedRuns what becomes of slots that passed while nothing could run
 * @param startDeadline no attempt for a slot starts later than this after it; null for no limit
 * @param queueTimeout a run on demand that has not started this long after it was asked for is skipped; null for no
 *     limit
 * @param maxOverlap unfinished runs of the collection at a time, at least 1, which means that it never overlaps itself
 */
public record StartPolicy(
        MissedRuns missedRuns,
        @Nullable Duration startDeadline,
        @Nullable Duration queueTimeout,
        int maxOverlap) {

    public StartPolicy {
        if (maxOverlap < 1) {
            throw new IllegalArgumentException("max-overlap is " + maxOverlap + "; it must be at least 1");
        }
    }
}
