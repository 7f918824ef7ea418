package org.collectionscheduler.dispatch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.run.ExhaustedHeap;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.collectionscheduler.store.AdvisoryLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets this process claim runs only while it holds the lock that keeps other engines out of the database. */
public final class LockKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LockKeeper.class);

    private static final Duration PERIOD = Duration.ofSeconds(2);

    private static final String HOLDER = "database-lock";

    private final AdvisoryLock lock;
    private final ClaimGate gate;
    private final ScheduledExecutorService timer;
    private @Nullable ScheduledFuture<?> task;
    private @Nullable String lost;

    public LockKeeper(AdvisoryLock lock, ClaimGate gate, ScheduledExecutorService timer) {
        this.lock = lock;
        this.gate = gate;
        this.timer = timer;
    }

    /** @throws StartRefusedException when the lock is not to be had */
    public synchronized void start() {
        lock.keep().ifPresent(why -> {
            throw new StartRefusedException(
                    new Problem(
                            Engine.KEY,
                            null,
                            "cannot be followed: " + why,
                            "Stop the other instance, or set the engine of all of them to cluster"),
                    null);
        });
        task = timer.scheduleWithFixedDelay(this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            keep();
        } catch (RuntimeException | Error e) {
            // A periodic task that throws is never run again.
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().setCause(e).log("the lock of the database could not be looked after");
        }
    }

    synchronized void keep() {
        Optional<String> why = lock.keep();
        if (why.isPresent()) {
            gate.hold(HOLDER, "its lock on the database is lost: " + why.get());
        } else {
            gate.release(HOLDER);
        }
        if (why.isPresent() && lost == null) {
            log.atError().addKeyValue("reason", why.get()).log("lock of the database lost: nothing is claimed");
        } else if (why.isEmpty() && lost != null) {
            log.info("lock of the database held again");
        }
        lost = why.orElse(null);
    }

    /** Gives the lock up. */
    @Override
    public synchronized void close() {
        if (task != null) {
            task.cancel(false);
        }
        lock.close();
    }
}
