package org.collectionscheduler.dispatch;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.collectionscheduler.run.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether collections can be woken at all: each question sends a task on the way that every waking goes, unless
 * the one before it has not arrived yet. Costs the same however many collections there are.
 */
public final class WakingProbe {

    private final Executor way;
    private final Ticker ticker;

    /** When the task was sent that has not arrived; null when there is none. */
    private final AtomicReference<@Nullable Long> sent = new AtomicReference<>();

    /** @param way has a task done where, and after whatever, a collection that is due now would be woken */
    public WakingProbe(Executor way, Ticker ticker) {
        this.way = way;
        this.ticker = ticker;
    }

    /** For how long nothing that came due has been woken, as far as the questions before this one can tell. */
    public Duration stalledFor() {
        Long underWay = sent.get();
        if (underWay != null) {
            return ticker.since(underWay);
        }
        if (sent.compareAndSet(null, ticker.nanos())) {
            send();
        }
        return Duration.ZERO;
    }

    private void send() {
        try {
            way.execute(() -> sent.set(null));
        } catch (RejectedExecutionException e) {
            // The service stops.
            sent.set(null);
        }
    }
}
