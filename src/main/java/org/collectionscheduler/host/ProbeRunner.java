package org.collectionscheduler.host;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.collectionscheduler.collector.CollectionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each probe on a daemon thread of its own and waits a bounded time, so that a probe that throws or hangs costs its
 * section only. A thread stuck in the kernel cannot be ended; until it comes back by itself its probe is not started
 * again, so that stuck threads do not pile up run after run.
 */
final class ProbeRunner {

    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ProbeRunner.class);

    private final Duration timeout;
    private final Set<ProbeCall> givenUp = ConcurrentHashMap.newKeySet();

    /** @param timeout the longest time that one probe may take; less when the attempt has less left */
    ProbeRunner(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout of a probe is " + timeout + "; it must be positive");
        }
        this.timeout = timeout;
    }

    /**
     * Runs the probe and waits for it. A probe that fails, hangs, or still hangs from an earlier run gives a finding
     * that is unavailable.
     *
     * @throws InterruptedException when the calling thread is interrupted, at once; the probe is interrupted too
     * @throws VirtualMachineError when the probe threw one: it is a failure of the process, not of the probe
     */
    Finding run(Probe probe, CollectionContext context) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("cancelled before the host probe " + probe.section());
        }
        if (givenUp.stream().anyMatch(call -> call.section().equals(probe.section()))) {
            return Finding.unavailable("an earlier reading still hangs; it is read again once that one has come back"
                    + " (look for a mount or a device that does not answer)");
        }
        Duration limit = shorter(timeout, context.remaining());
        if (limit.isZero()) {
            return Finding.unavailable("no time was left in this attempt; raise the timeout of the collection");
        }
        return await(ProbeCall.start(probe, context.pseudonyms(), givenUp), limit, context);
    }

    private static Finding await(ProbeCall call, Duration limit, CollectionContext context)
            throws InterruptedException {
        try {
            return call.await(limit);
        } catch (InterruptedException e) {
            call.giveUp();
            throw e;
        } catch (TimeoutException e) {
            warn("Host probe did not answer in time", call, context, "timeout", call.at());
            call.giveUp();
            return Finding.unavailable("no answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            return failed(call, e.getCause() == null ? e : e.getCause(), context);
        }
    }

    /** Neither the reason nor the log has the message of the failure: it may hold a path, a name or an identifier. */
    private static Finding failed(ProbeCall call, Throwable failure, CollectionContext context) {
        if (failure instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        String error = failure.getClass().getName();
        String at = Arrays.stream(failure.getStackTrace())
                .findFirst()
                .map(StackTraceElement::toString)
                .orElse("unknown");
        warn("Host probe failed", call, context, error, at);
        return Finding.unavailable("reading failed with " + error + "; the log says where");
    }

    private static void warn(String message, ProbeCall call, CollectionContext context, String error, String at) {
        LOG.atWarn()
                .addKeyValue("collection", context.collection())
                .addKeyValue("runId", context.runId())
                .addKeyValue("probe", call.section())
                .addKeyValue("error", error)
                .addKeyValue("at", at)
                .log(message);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
