package org.collectionscheduler.dispatch;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.collectionscheduler.run.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether collections can be woken at all: questions send a task on the way that every waking goes, and whatever
 * arrives there since, that task or a collection, is the answer. Costs the same however many collections there are.
 */
public final class WakingProbe {

    /** A task may be lost on its way: the machine refuses a thread now and then. */
    private static final Duration SEND_AGAIN = Duration.ofMinutes(1);

    private final Executor way;
    private final Ticker ticker;

    /** When the first task was sent since anything has arrived; null when none was. */
    private volatile @Nullable Long unansweredSince;

    private long lastSent;

    /** @param way has a task done where, and after whatever, a collection that is due now would be woken */
    public WakingProbe(Executor way, Ticker ticker) {
        this.way = way;
        this.ticker = ticker;
    }

    /** For how long nothing that came due has been woken, as far as the questions before this one can tell. */
    public synchronized Duration stalledFor() {
        Long since = unansweredSince;
        if (since == null || ticker.since(lastSent).compareTo(SEND_AGAIN) >= 0) {
            lastSent = ticker.nanos();
            unansweredSince = since == null ? lastSent : since;
            send();
        }
        return since == null ? Duration.ZERO : ticker.since(since);
    }

    /** Something has been woken. */
    public void woken() {
        if (unansweredSince != null) {
            unansweredSince = null;
        }
    }

    private void send() {
        try {
            way.execute(this::woken);
        } catch (RejectedExecutionException e) {
            // The service stops.
            woken();
        }
    }
}
