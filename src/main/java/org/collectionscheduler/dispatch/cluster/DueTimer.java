package org.collectionscheduler.dispatch.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.collectionscheduler.run.ExhaustedHeap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Has the engine look at the right moment, not only at its next poll. Knows the instants of the next few seconds: from a
 * look into the table at each poll, and from whoever has anything woken earlier. Their number is bounded, whatever the
 * number of collections.
 */
final class DueTimer {

    private static final Logger log = LoggerFactory.getLogger(DueTimer.class);

    private static final int MOST_INSTANTS = 1000;

    private final WakeTable table;
    private final Runnable look;
    private final BooleanSupplier free;
    private final Duration period;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Set<Long> armed = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledFuture<?> task;

    /**
     * @param look has the engine look for what is due
     * @param free whether this process could start anything: what comes due while it could not is left to others until
     *     the next poll
     * @param period of the engine's polls
     * @param timer does nothing that waits
     */
    DueTimer(
            WakeTable table,
            Runnable look,
            BooleanSupplier free,
            Duration period,
            Clock clock,
            ScheduledExecutorService timer) {
        this.table = table;
        this.look = look;
        this.free = free;
        this.period = period;
        this.clock = clock;
        this.timer = timer;
    }

    /** @param waiting looks ahead, which waits for the database */
    synchronized void start(ScheduledExecutorService waiting) {
        task = waiting.scheduleWithFixedDelay(this::lookAhead, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    synchronized void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    /** Something is due then; does nothing for an instant that the next look will find early enough. */
    void arm(Instant at) {
        Duration left = Duration.between(clock.instant(), at);
        if (left.compareTo(horizon()) > 0 || armed.size() >= MOST_INSTANTS || !armed.add(at.toEpochMilli())) {
            return;
        }
        try {
            long nanos = Math.max(0, left.minus(PollingEngine.LEAD).toNanos());
            ScheduledFuture<?> unused = timer.schedule(() -> due(at), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("no timer: the service stops");
        }
    }

    private void due(Instant at) {
        armed.remove(at.toEpochMilli());
        if (clock.instant().plus(PollingEngine.LEAD).isBefore(at)) {
            // The wall clock is a little behind the timer's: the engine would find nothing yet.
            arm(at);
        } else if (free.getAsBoolean()) {
            look.run();
        }
    }

    private Duration horizon() {
        return period.multipliedBy(2);
    }

    private void lookAhead() {
        try {
            Instant now = clock.instant();
            List<Instant> next = table.dueBetween(now, now.plus(horizon()), MOST_INSTANTS);
            next.forEach(this::arm);
        } catch (DataAccessException e) {
            log.atDebug().setCause(e).log("the database does not tell what is due next");
        } catch (RuntimeException | Error e) {
            // A periodic task that throws is never run again.
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().setCause(e).log("could not look for what is due next");
        }
    }
}
