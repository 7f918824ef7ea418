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
import org.collectionscheduler.run.RunQueue.Permit;
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
        this.queue = TestRuns.queue(permits, collector -> permits, RunConfiguration.threads(8));
        this.environment = TestRuns.environment(clock, System::nanoTime, () -> {});
    }

    /** As {@link RunPipeline#wake}. */
    public RunPipeline.Woken wake(ScheduledCollection collection) {
        Instant now = clock.instant();
        Optional<Runnable> begun = Optional.empty();
        while (true) {
            Decision decision = Decider.decide(collection.rules(), progress(collection, now), now);
            if (decision instanceof Decision.Start start && start.slot() != null) {
                decided.put(collection.name(), start.slot());
                begun = begin(collection, start, now);
            } else {
                Optional<Instant> next =
                        decision instanceof Decision.WaitUntil wait ? Optional.of(wait.at()) : Optional.empty();
                return new RunPipeline.Woken(next, false, begun);
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

    private Optional<Runnable> begin(ScheduledCollection collection, Decision.Start start, Instant now) {
        Run run = Run.waiting(
                        UUID.randomUUID().toString(),
                        collection.name(),
                        start.kind(),
                        start.slot(),
                        start.missed(),
                        "here",
                        now)
                .begun(now, "here");
        Optional<Permit> permit = queue.tryPermit(collection.collector().name());
        if (permit.isEmpty()) {
            queue.submit(new RunQueue.Work(
                    run.id(), collection.collector().name(), run.dueAt(), later -> attempt(collection, run), () -> {}));
        }
        return permit.map(free -> () -> free.use(() -> attempt(collection, run)));
    }

    private void attempt(ScheduledCollection collection, Run run) {
        new AttemptExecution(
                        run,
                        collection.collector(),
                        collection.parameters(),
                        collection.policy().timeout(),
                        environment)
                .run(PATIENCE, ignored -> {});
    }
}
