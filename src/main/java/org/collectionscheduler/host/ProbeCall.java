package org.collectionscheduler.host;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.collectionscheduler.collector.Pseudonyms;

/** One reading of a probe on a daemon thread. Compared by identity. */
final class ProbeCall {

    private final String section;
    private final FutureTask<Finding> task;
    private final Set<ProbeCall> givenUp;
    private final Thread thread;
    private volatile boolean finished;

    private ProbeCall(Probe probe, Pseudonyms pseudonyms, Set<ProbeCall> givenUp) {
        this.section = probe.section();
        this.task = new FutureTask<>(() -> probe.reading().read(pseudonyms));
        this.givenUp = givenUp;
        this.thread = new Thread(null, this::read, "host-probe-" + section, 0, false);
        this.thread.setDaemon(true);
    }

    /** @param givenUp where the call is listed from {@link #giveUp} until its thread ends */
    static ProbeCall start(Probe probe, Pseudonyms pseudonyms, Set<ProbeCall> givenUp) {
        ProbeCall call = new ProbeCall(probe, pseudonyms, givenUp);
        call.thread.start();
        return call;
    }

    String section() {
        return section;
    }

    Finding await(Duration limit) throws InterruptedException, ExecutionException, TimeoutException {
        return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The method in which the thread is now. */
    String at() {
        return Arrays.stream(thread.getStackTrace())
                .findFirst()
                .map(StackTraceElement::toString)
                .orElse("ended");
    }

    /** Nobody waits any longer: the thread is interrupted, and listed as hanging for as long as it ignores that. */
    void giveUp() {
        givenUp.add(this);
        thread.interrupt();
        if (finished) {
            givenUp.remove(this);
        }
    }

    private void read() {
        try {
            task.run();
        } finally {
            // In this order: giveUp() adds before it looks, so that one of the two sees the other.
            finished = true;
            givenUp.remove(this);
        }
    }
}
