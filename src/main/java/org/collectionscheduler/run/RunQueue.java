package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets a bounded number of runs go at a time; what waits goes in the order in which it is due. */
final class RunQueue {

    private record Entry(Instant dueAt, long number, Runnable work) {}

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

    /** False when the queue is closed: {@code work} will not be done. */
    boolean submit(Instant dueAt, Runnable work) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            waiting.add(new Entry(dueAt, submitted++, work));
        } finally {
            lock.unlock();
        }
        startWaiting();
        return true;
    }

    /** Starts nothing more; what waits is forgotten. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
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

    private void startWaiting() {
        Entry next = take();
        while (next != null) {
            Runnable work = next.work();
            threads.execute(() -> run(work));
            next = take();
        }
    }

    private @org.jspecify.annotations.Nullable Entry take() {
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
            lock.lock();
            try {
                permits++;
                running--;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            startWaiting();
        }
    }
}
