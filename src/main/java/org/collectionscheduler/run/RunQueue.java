package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Lets a bounded number of runs go at a time; what waits goes in the order in which it is due. */
final class RunQueue {

    private record Entry(Instant dueAt, long number, Runnable work, Runnable dropped) {}

    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Entry> waiting =
            new PriorityQueue<>(Comparator.comparing(Entry::dueAt).thenComparingLong(Entry::number));
    private int permits;
    private int running;
    private long submitted;
    private boolean closed;

    /**
     * @param permits runs at a time, at least 1
     * @param threads starts each run on a thread of its own
     */
    RunQueue(int permits, Executor threads) {
        this.permits = permits;
        this.threads = threads;
    }

    /**
     * Has {@code work} done as soon as a permit is free.
     *
     * @param dropped called instead when it will not be done: the queue is closed, or there is no thread for it
     * @throws IllegalStateException when no thread could be started
     */
    void submit(Instant dueAt, Runnable work, Runnable dropped) {
        if (!enqueue(dueAt, work, dropped)) {
            dropped.run();
            return;
        }
        startWaiting();
    }

    /** Takes work again after {@link #close()}. */
    void open() {
        lock.lock();
        try {
            closed = false;
        } finally {
            lock.unlock();
        }
    }

    /** Starts nothing more; what waits is dropped. */
    void close() {
        List<Entry> forgotten;
        lock.lock();
        try {
            closed = true;
            forgotten = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        forgotten.forEach(entry -> entry.dropped().run());
    }

    boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing runs. False when {@code wait} passed before that. */
    boolean awaitIdle(Duration wait) throws InterruptedException {
        long left = wait.toNanos();
        lock.lock();
        try {
            while (running > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return running == 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean enqueue(Instant dueAt, Runnable work, Runnable dropped) {
        lock.lock();
        try {
            return !closed && waiting.add(new Entry(dueAt, submitted++, work, dropped));
        } finally {
            lock.unlock();
        }
    }

    private void startWaiting() {
        Entry next = take();
        while (next != null) {
            start(next);
            next = take();
        }
    }

    /** An exhausted machine refuses a thread with an Error. Neither that nor anything else may cost a permit for good. */
    private void start(Entry entry) {
        try {
            threads.execute(() -> run(entry.work()));
        } catch (RuntimeException | Error e) {
            release();
            entry.dropped().run();
            throw new IllegalStateException("no thread for a run", e);
        }
    }

    private @Nullable Entry take() {
        lock.lock();
        try {
            if (permits == 0 || closed) {
                return null;
            }
            Entry next = waiting.poll();
            if (next != null) {
                permits--;
                running++;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void run(Runnable work) {
        try {
            work.run();
        } finally {
            release();
            startWaiting();
        }
    }

    private void release() {
        lock.lock();
        try {
            permits++;
            running--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
