package org.collectionscheduler.dispatch.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.dispatch.WakingQueue;
import org.collectionscheduler.run.ExhaustedHeap;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.RunPipeline.Outlook;
import org.collectionscheduler.run.RunPipeline.Woken;
import org.collectionscheduler.run.ScheduledCollection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What collections are woken by in this process, on which threads, and when somebody is to look at them next. */
final class Pipeline {

    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    /** A run that waits here for a permit is offered to others so often, but for each that waits by a moment later. */
    private static final Duration OFFERED_EVERY = Duration.ofSeconds(2);

    private static final Duration OFFERED_LATER = Duration.ofMillis(10);

    private final RunPipeline runs;
    private final WakingQueue waking;
    private final WakingProbe probe;
    private final Executor threads;
    private final Clock clock;

    /** @param threads lends one to each attempt */
    Pipeline(RunPipeline runs, WakingQueue waking, WakingProbe probe, Executor threads, Clock clock) {
        this.runs = runs;
        this.waking = waking;
        this.probe = probe;
        this.threads = threads;
        this.clock = clock;
    }

    /** As {@link RunPipeline#lookAhead}. */
    Outlook lookAhead(ScheduledCollection collection) {
        return runs.lookAhead(collection);
    }

    /** As {@link RunPipeline#wake(ScheduledCollection)}. */
    Woken wake(ScheduledCollection collection) {
        return wake(Outlook.unread(collection));
    }

    /** As {@link RunPipeline#wake(Outlook)}. */
    Woken wake(Outlook outlook) {
        try {
            return runs.wake(outlook);
        } finally {
            probe.woken();
        }
    }

    /** As {@link RunPipeline#mayClaim}. */
    boolean mayClaim() {
        return runs.mayClaim();
    }

    /** As {@link RunPipeline#isQuarantined}. */
    boolean isQuarantined(String collection) {
        return runs.isQuarantined(collection);
    }

    /** As {@link WakingQueue#execute}. */
    void queue(Supplier<Optional<Runnable>> work) {
        waking.execute(work);
    }

    /** Makes an attempt whose claim is stored, whatever becomes of threads: it must be made. */
    void make(Runnable begun) {
        try {
            threads.execute(begun);
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().setCause(e).log("no thread for an attempt; it is made by one of those that wake");
            begun.run();
        }
    }

    /** When a collection that has been woken is to be woken next; {@link WakeTable#PARKED} when never. */
    Instant next(Woken woken) {
        Instant next = woken.next().orElse(WakeTable.PARKED);
        if (!woken.waits()) {
            return next;
        }
        Instant offered = clock.instant().plus(OFFERED_EVERY).plus(OFFERED_LATER.multipliedBy(runs.waiting()));
        return offered.isBefore(next) ? offered : next;
    }

    /** As {@link RunPipeline#abandonRetired}. */
    void abandonRetired() {
        runs.abandonRetired();
    }

    void handOver() {
        runs.handOver();
    }

    void leaseLost() {
        runs.leaseLost();
    }
}
