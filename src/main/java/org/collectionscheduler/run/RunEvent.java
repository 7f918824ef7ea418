package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import org.collectionscheduler.schedule.SkipReason;
import org.jspecify.annotations.Nullable;

/** What has happened to runs and their collections, published as Spring application events after it was stored. */
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

    /** Slots were passed over, or a run that had not begun was dropped: {@code count} of them. */
    record RunSkipped(String collection, Run run, SkipReason reason, long count) implements RunEvent {}

    /** An operator holds the collection's schedule. */
    record CollectionPaused(String collection, Cause cause) implements RunEvent {}

    /** An operator has its schedule followed again. */
    record CollectionResumed(String collection, Cause cause) implements RunEvent {}

    /** The failure policy rests the collection until that instant, after {@code run} failed. */
    record CollectionSuspended(String collection, Run run, Instant until) implements RunEvent {}

    /** A success has ended the rest that the failure policy gave. */
    record CollectionRecovered(String collection, Run run) implements RunEvent {}

    /** Code, or the configuration anew, has said that the collection exists, for the first time or otherwise than before. */
    record CollectionRegistered(String collection, Cause cause) implements RunEvent {}

    /** Code has removed the collection, or the configuration declares it no more; its history is kept. */
    record CollectionRemoved(String collection, Cause cause) implements RunEvent {}

    /** What is stored of the collection cannot be read; its schedule is followed no more. */
    record CollectionQuarantined(String collection, String reason) implements RunEvent {}

    /**
     * Nothing is done for a run of the collection any more, or an operator has changed something.
     *
     * @param undecided whether something about the collection may have to be decided before its next slot; not so when a
     *     run has ended and nothing else has changed
     */
    record CollectionFreed(String collection, boolean undecided) implements RunEvent {}
}
