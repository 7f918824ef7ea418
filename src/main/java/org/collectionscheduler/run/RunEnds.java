package org.collectionscheduler.run;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.collectionscheduler.store.Batch;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Ends runs: each with its newest attempt, its payload, what its collection counts, and what the failure policy says. */
final class RunEnds implements Batch<RunEnds.Ending, Optional<RunEnd>> {

    /**
     * One end.
     *
     * @param collection null when it is no longer declared: its failures lead to nothing
     * @param run in the attempt and state that it must still be in
     * @param payloadId null when it brought nothing back
     */
    record Ending(
            @Nullable ScheduledCollection collection,
            Run run,
            AttemptEnd end,
            @Nullable String payloadId,
            Instant now) {

        static Ending of(@Nullable ScheduledCollection collection, Run run, AttemptEnd end, Instant now) {
            String payloadId = end.content() == null ? null : UUID.randomUUID().toString();
            return new Ending(collection, run, end, payloadId, now);
        }

        private boolean succeeded() {
            return end.outcome() == RunOutcome.SUCCEEDED;
        }

        private Run finished() {
            return run.finished(end, payloadId, now);
        }

        private Optional<Payload> payload() {
            String content = end.content();
            if (content == null || payloadId == null) {
                return Optional.empty();
            }
            long bytes = content.getBytes(StandardCharsets.UTF_8).length;
            return Optional.of(new Payload(payloadId, run.collection(), run.id(), now, bytes, content));
        }
    }

    /** Of each how it is now; empty when its run is no longer in that attempt and state: nothing was changed. */
    @Override
    public List<Optional<RunEnd>> make(JdbcClient jdbc, NamedParameterJdbcOperations batches, List<Ending> endings) {
        List<Ending> sorted = Columns.sorted(endings, ending -> ending.run().collection());
        List<Ending> ended = RunRepository.finish(batches, sorted);
        PayloadRepository.insert(
                batches,
                ended.stream().flatMap(ending -> ending.payload().stream()).toList());
        AttemptRepository.finish(batches, ended);
        Map<Ending, RunEnd> ends = new IdentityHashMap<>();
        for (List<Ending> round : Columns.rounds(ended, ending -> ending.run().collection())) {
            Map<String, CollectionRepository.Health> healths = CollectionRepository.finished(batches, round);
            round.forEach(ending -> ends.put(
                    ending, judged(jdbc, ending, healths.get(ending.run().collection()))));
        }
        return endings.stream()
                .map(ending -> Optional.ofNullable(ends.get(ending)).or(() -> endedBefore(jdbc, ending)))
                .toList();
    }

    /** By an earlier time, whose commit was reported as failed. */
    private static Optional<RunEnd> endedBefore(JdbcClient jdbc, Ending ending) {
        Run run = ending.run();
        RunOutcome outcome = ending.end().outcome();
        // Only whoever made an attempt ends it otherwise than abandoned; everything else can be another's work.
        boolean onlyMine = run.state() == RunState.RUNNING && outcome != RunOutcome.ABANDONED;
        return RunRepository.find(jdbc, run.id())
                .filter(found -> found.attempt() == run.attempt() && found.outcome() == outcome)
                .filter(found -> onlyMine || ending.now().equals(found.finishedAt()))
                .map(RunEnd::of);
    }

    /** Rests a collection that has failed too often, and ends the rest of one that has succeeded. */
    private static RunEnd judged(JdbcClient jdbc, Ending ending, CollectionRepository.@Nullable Health health) {
        Run run = ending.finished();
        ScheduledCollection collection = ending.collection();
        if (health == null) {
            throw new IllegalStateException("no row of collection '" + run.collection() + "', of which a run ends");
        }
        if (collection == null) {
            return RunEnd.of(run);
        }
        Instant resting = health.suspendedUntil();
        if (ending.succeeded()) {
            return resting == null ? RunEnd.of(run) : recovered(jdbc, collection, ending, resting);
        }
        return ending.end().outcome().isFailure() ? failed(jdbc, collection, ending, health) : RunEnd.of(run);
    }

    /** Slots after the rest are decided one by one; those in it are not missed. */
    private static RunEnd recovered(JdbcClient jdbc, ScheduledCollection collection, Ending ending, Instant resting) {
        Instant now = ending.now();
        Instant rested = resting.isAfter(now) ? now : resting.minusMillis(1);
        Instant settled = collection.rules().schedule().settledAt(rested);
        CollectionRepository.recover(jdbc, collection.name(), settled, now);
        return new RunEnd(ending.finished(), null, resting);
    }

    private static RunEnd failed(
            JdbcClient jdbc, ScheduledCollection collection, Ending ending, CollectionRepository.Health health) {
        Optional<Instant> until = collection
                .policy()
                .suspension()
                .restAfter(health.consecutiveFailures())
                .map(ending.now()::plus);
        until.ifPresent(instant -> CollectionRepository.suspend(jdbc, collection.name(), instant));
        return new RunEnd(ending.finished(), until.orElse(null), null);
    }
}
