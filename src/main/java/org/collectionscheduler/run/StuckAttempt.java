package org.collectionscheduler.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An attempt that was given up while its collector still runs. */
public record StuckAttempt(
        String collection,
        String runId,
        int attempt,
        @Nullable Instant startedAt) {}
