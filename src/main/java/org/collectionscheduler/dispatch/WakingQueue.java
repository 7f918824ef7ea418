package org.collectionscheduler.dispatch;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.collectionscheduler.run.ExhaustedHeap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has collections woken, a few at a time, in the order in which that is asked for. Where waking one has begun an attempt,
 * the same thread makes it, for to hand it on would only make it later; its place among those that wake is another's
 * then.
 */
public final class WakingQueue {

    private static final Logger log = LoggerFactory.getLogger(WakingQueue.class);

    private final int places;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Supplier<Optional<Runnable>>> waiting = new ArrayDeque<>();
    private int taken;

    /**
     * @param places how many wake at a time, at least 1
     * @param threads lends a thread at once for as long as it takes
     */
    public WakingQueue(int places, Executor threads) {
        this.places = places;
        this.threads = threads;
    }

    /**
     * @param waking returns what is to be done on its thread when another may wake instead; empty when there is no such
     * @throws RuntimeException or an Error, from the executor, when it refuses a thread and none wakes: {@code waking} is
     *     not done
     */
    public void execute(Supplier<Optional<Runnable>> waking) {
        if (!mustStartThread(waking)) {
            return;
        }
        try {
            threads.execute(this::wake);
        } catch (RuntimeException | Error e) {
            if (!isLeftToOthers(waking)) {
                throw e;
            }
        }
    }

    private boolean mustStartThread(Supplier<Optional<Runnable>> waking) {
        lock.lock();
        try {
            waiting.add(waking);
            return takePlace();
        } finally {
            lock.unlock();
        }
    }

    private boolean isLeftToOthers(Supplier<Optional<Runnable>> waking) {
        lock.lock();
        try {
            taken--;
            // One that has been taken already is not in the queue.
            return taken > 0 || !waiting.remove(waking);
        } finally {
            lock.unlock();
        }
    }

    private boolean takePlace() {
        if (taken == places) {
            return false;
        }
        taken++;
        return true;
    }

    /** With a place taken. */
    private void wake() {
        boolean placed = true;
        while (placed) {
            Supplier<Optional<Runnable>> next = nextOrLeavePlace();
            if (next == null) {
                return;
            }
            Optional<Runnable> begun = woken(next);
            if (begun.isPresent()) {
                leavePlaceToAnother();
                begun.get().run();
                placed = placedAgain();
            }
        }
    }

    private Optional<Runnable> woken(Supplier<Optional<Runnable>> waking) {
        boolean returned = false;
        // What this thread did before may have left an interrupt behind.
        Thread.interrupted();
        try {
            Optional<Runnable> begun = waking.get();
            returned = true;
            return begun;
        } finally {
            if (!returned) {
                leavePlace();
            }
        }
    }

    private @Nullable Supplier<Optional<Runnable>> nextOrLeavePlace() {
        lock.lock();
        try {
            Supplier<Optional<Runnable>> next = waiting.poll();
            if (next == null) {
                taken--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Should the machine refuse a thread, what waits is taken by whoever is ready next, or when more is asked for. */
    private void leavePlaceToAnother() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                taken--;
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            threads.execute(this::wake);
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().setCause(e).log("no thread to wake collections; they wait");
            leavePlace();
        }
    }

    private void leavePlace() {
        lock.lock();
        try {
            taken--;
        } finally {
            lock.unlock();
        }
    }

    private boolean placedAgain() {
        lock.lock();
        try {
            return !waiting.isEmpty() && takePlace();
        } finally {
            lock.unlock();
        }
    }
}
