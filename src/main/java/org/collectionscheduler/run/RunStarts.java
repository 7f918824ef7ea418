package org.collectionscheduler.run;

import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.collectionscheduler.store.Batch;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Begins the next attempts of runs. */
final class RunStarts implements Batch<RunStarts.Start, Optional<Run>> {

    /**
     * One attempt.
     *
     * @param run as it is before the attempt that begins at {@code now}
     * @param instance that makes it
     */
    record Start(Run run, String instance, Instant now) {

        private Run begun() {
            return run.begun(now, instance);
        }

        private AttemptRepository.Begun attempt() {
            return new AttemptRepository.Begun(run.id(), run.attempt() + 1, instance, now);
        }
    }

    /** Of each the run in its next attempt; empty when it has moved on. */
    @Override
    public List<Optional<Run>> make(JdbcClient jdbc, NamedParameterJdbcOperations batches, List<Start> starts) {
        List<Start> sorted = Columns.sorted(starts, start -> start.run().collection());
        List<Start> started = RunRepository.startAttempts(batches, sorted);
        AttemptRepository.begin(batches, started.stream().map(Start::attempt).toList());
        CollectionRepository.started(batches, started);
        Map<Start, Run> begun = new IdentityHashMap<>();
        started.forEach(start -> begun.put(start, start.begun()));
        return starts.stream()
                .map(start -> Optional.ofNullable(begun.get(start)).or(() -> begunBefore(jdbc, start)))
                .toList();
    }

    /** By an earlier time, whose commit was reported as failed. */
    private static Optional<Run> begunBefore(JdbcClient jdbc, Start start) {
        Run run = start.run();
        return RunRepository.find(jdbc, run.id())
                .filter(found -> found.attempt() == run.attempt() + 1)
                .filter(found -> AttemptRepository.newest(jdbc, found)
                        .filter(attempt -> attempt.isOpenSince(start.now(), start.instance()))
                        .isPresent());
    }
}
