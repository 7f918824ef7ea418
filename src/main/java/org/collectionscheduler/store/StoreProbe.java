package org.collectionscheduler.store;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries a small write every few seconds, so that health knows of a store that has failed, and of its recovery. */
final class StoreProbe {

    private static final Logger log = LoggerFactory.getLogger(StoreProbe.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final Store store;
    private final ScheduledExecutorService timer;
    private @Nullable ScheduledFuture<?> task;

    StoreProbe(Store store, ScheduledExecutorService timer) {
        this.store = store;
        this.timer = timer;
    }

    void start() {
        task = timer.scheduleWithFixedDelay(this::probe, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (task != null) {
            task.cancel(false);
        }
    }

    private void probe() {
        try {
            store.probe();
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            log.atError().setCause(e).log("the store could not be probed");
        }
    }
}
