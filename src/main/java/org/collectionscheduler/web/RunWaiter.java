package org.collectionscheduler.web;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.Ticker;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/** Waits for the end of a run by looking at what is stored, so that it may be made by any process. */
final class RunWaiter {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final RunHistory history;
    private final Ticker ticker;
    private final CountDownLatch closing = new CountDownLatch(1);

    RunWaiter(RunHistory history, Ticker ticker) {
        this.history = history;
        this.ticker = ticker;
    }

    /** The run at its end, or as it is when {@code patience} has passed or the service stops. */
    Run await(Run run, Duration patience) throws InterruptedException {
        long start = ticker.nanos();
        Run latest = run;
        while (!latest.isFinished() && ticker.since(start).compareTo(patience) < 0) {
            if (closing.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                return latest;
            }
            latest = history.run(run.id()).orElse(latest);
        }
        return latest;
    }

    @EventListener(ContextClosedEvent.class)
    void onClose() {
        closing.countDown();
    }
}
