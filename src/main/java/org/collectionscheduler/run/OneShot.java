package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        AttemptExecution attempt = new AttemptExecution(run, collector, parameters, timeout, environment);
        CompletableFuture<AttemptEnd> end = new CompletableFuture<>();
        environment.threads().execute(() -> attempt.run(PATIENCE, end::complete).ifPresent(end::complete));
        try {
            return end.get(timeout.plus(PATIENCE).plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("an attempt ends, and is told, within its timeout", e);
        }
    }
}
