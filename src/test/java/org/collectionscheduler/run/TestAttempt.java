package org.collectionscheduler.run;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An attempt that is made on a lent thread while the test waits for its end. */
record TestAttempt(AttemptExecution execution, Executor threads) {

    /** @param patience how long a cancelled collector may take to return */
    AttemptEnd await(Duration patience) throws InterruptedException {
        CompletableFuture<AttemptEnd> end = new CompletableFuture<>();
        threads.execute(() -> execution.run(patience, end::complete).ifPresent(end::complete));
        try {
            return end.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    void cancel(RunOutcome outcome) {
        execution.cancel(outcome);
    }

    boolean isStuck() {
        return execution.isStuck();
    }
}
