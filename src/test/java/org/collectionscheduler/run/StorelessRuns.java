package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.Progress;

/**
 * What the pipeline does but for storing it: decides, waits for a permit and makes the attempt. For benchmarks of
 * collections that end before their next slot.
 */
public final class StorelessRuns {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Clock clock;
    private final RunQueue queue;
    private final AttemptExecution.Environment environment;
    private final Map<String, Instant> decided = new ConcurrentHashMap<>();

    public StorelessRuns(Clock clock, int permits) {
        this.clock = clock;
        this.queue = new RunQueue(permits, collector -> permits, RunConfiguration.threadsForRuns());
        this.environment = TestRuns.environment(clock, System::nanoTime, () -> {});
    }

    /** As {@link RunPipeline#wake}. */
    public Optional<Instant> wake(ScheduledCollection collection) {
        Instant now = clock.instant();
        while (true) {
            Decision decision = Decider.decide(collection.rules(), progress(collection, now), now);
            if (decision instanceof Decision.Start start && start.slot() != null) {
                decided.put(collection.name(), start.slot());
                submit(collection, start, now);
            } else {
                return decision instanceof Decision.WaitUntil wait ? Optional.of(wait.at()) : Optional.empty();
            }
        }
    }

    /** Waits for what runs. */
    public void close() throws InterruptedException {
        queue.close();
        queue.awaitIdle(Duration.ofSeconds(10));
    }

    private Progress progress(ScheduledCollection collection, Instant now) {
        Instant until = decided.computeIfAbsent(collection.name(), name -> now.minusMillis(1));
        NavigableSet<Instant> claimed = new TreeSet<>(List.of(until));
        return new Progress(CollectionState.ACTIVE, null, until, claimed, null, false, List.of(), 0);
    }

    private void submit(ScheduledCollection collection, Decision.Start start, Instant now) {
        Run run = Run.waiting(
                        UUID.randomUUID().toString(),
                        collection.name(),
                        start.kind(),
                        start.slot(),
                        start.missed(),
                        now)
                .begun(now);
        queue.submit(new RunQueue.Work(
                run.id(), collection.collector().name(), run.dueAt(), () -> attempt(collection, run), () -> {}));
    }

    private void attempt(ScheduledCollection collection, Run run) {
        try {
            new AttemptExecution(
                            run,
                            collection.collector(),
                            collection.parameters(),
                            collection.policy().timeout(),
                            environment)
                    .await(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
