package org.collectionscheduler.run;

import java.time.Duration;
import org.collectionscheduler.schedule.SkipReason;
import org.jspecify.annotations.Nullable;

/** What has happened to runs, published as Spring application events after it was stored. */
public sealed interface RunEvent {

    String collection();

    /**
     * A run's first attempt has begun.
     *
     * @param lateness start minus slot; null for a run without a slot
     */
    record RunStarted(
            String collection,
            String collector,
            Run run,
            @Nullable Duration lateness) implements RunEvent {}

    /**
     * A run has ended.
     *
     * @param payloadBytes 0 when it brought nothing back
     */
    record RunFinished(String collection, String collector, Run run, long payloadBytes) implements RunEvent {}

    /** An attempt has failed, and another one will follow at {@code run.nextAttemptAt()}. */
    record AttemptFailed(String collection, Run run) implements RunEvent {}

    /** Slots were passed over: {@code count} of them. */
    record RunSkipped(String collection, Run run, SkipReason reason, long count) implements RunEvent {}

    /** The collection can be decided anew: a run ended, or could not begin. */
    record CollectionFreed(String collection) implements RunEvent {}
}
