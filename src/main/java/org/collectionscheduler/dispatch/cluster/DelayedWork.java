package org.collectionscheduler.dispatch.cluster;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.run.ExhaustedHeap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that may wait for the database, and is lost without harm when the service stops. */
final class DelayedWork {

    private static final Logger log = LoggerFactory.getLogger(DelayedWork.class);

    private final ScheduledExecutorService timer;

    /** @param timer whose threads may wait */
    DelayedWork(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** On a thread of the timer's; what it throws is logged. */
    void soon(Runnable work) {
        after(Duration.ZERO, work);
    }

    /** As {@link #soon}, and not before that has passed. */
    void after(Duration delay, Runnable work) {
        try {
            ScheduledFuture<?> unused = timer.schedule(() -> logFailure(work), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("not done: the service has stopped");
        }
    }

    private static void logFailure(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().setCause(e).log("a fault of the service");
        }
    }
}
