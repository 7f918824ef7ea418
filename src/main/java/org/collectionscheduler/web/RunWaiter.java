package org.collectionscheduler.web;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/** Waits for the end of a run by looking at what is stored, so that it may be made by any process. */
final class RunWaiter {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(RunWaiter.class);

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
            latest = latest(latest);
        }
        return latest;
    }

    /** It was claimed: that the store does not tell of it for a while must not look as if it was not. */
    private Run latest(Run known) {
        try {
            return history.run(known.id()).orElse(known);
        } catch (StoreUnavailableException e) {
            log.atDebug().addKeyValue("runId", known.id()).setCause(e).log("asked again");
            return known;
        }
    }

    @EventListener(ContextClosedEvent.class)
    void onClose() {
        closing.countDown();
    }
}
