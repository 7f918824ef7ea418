package org.collectionscheduler.kubernetes;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Daemon threads called {@code <prefix>-<number>}. */
final class NamedThreads implements ThreadFactory {

    private final String prefix;
    private final AtomicLong number = new AtomicLong();

    NamedThreads(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, prefix + "-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
