package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.collectionscheduler.collector.Collector;

/** Runs a collector once, as a scheduled run would, and stores nothing. */
public final class OneShot {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AttemptExecution.Environment environment;

    OneShot(AttemptExecution.Environment environment) {
        this.environment = environment;
    }

    /** One attempt, on a thread of its own, cancelled after {@code timeout}. */
    public AttemptEnd collect(Collector collector, Parameters parameters, Duration timeout)
            throws InterruptedException {
        Instant now = Instant.ofEpochMilli(environment.clock().millis());
        Run run = Run.unstored(UUID.randomUUID().toString(), collector.name(), now);
        return new AttemptExecution(run, collector, parameters, timeout, environment).await(PATIENCE);
    }
}
