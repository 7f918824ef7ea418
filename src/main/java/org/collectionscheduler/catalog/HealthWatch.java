package org.collectionscheduler.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.store.Store;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every few seconds at what a single look does not show: how the queue grows, and how long a write takes. */
final class HealthWatch {

    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);

    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(10);
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(10);

    /** So often within the time for which a queue must grow. */
    private static final int SAMPLES = 20;

    private final RunPipeline pipeline;
    private final Store store;
    private final HealthProperties thresholds;
    private final Clock clock;
    private final Ticker ticker;
    private final @Nullable QueueGrowth growth;
    private volatile @Nullable Instant growingSince;
    private volatile @Nullable Long writingSince;
    private volatile Duration lastWrite = Duration.ZERO;

    HealthWatch(RunPipeline pipeline, Store store, HealthProperties thresholds, Clock clock, Ticker ticker) {
        this.pipeline = pipeline;
        this.store = store;
        this.thresholds = thresholds;
        this.clock = clock;
        this.ticker = ticker;
        this.growth =
                thresholds.queueGrowingFor().isZero() ? null : new QueueGrowth(thresholds.queueGrowingFor());
    }

    /** @param timer with two threads: a write that hangs must not keep the queue from being looked at */
    void start(ScheduledExecutorService timer) {
        if (growth != null) {
            every(timer, samplePeriod(), this::lookAtQueue);
        }
        if (!thresholds.slowStore().isZero()) {
            every(timer, LONGEST_PERIOD, this::lookAtStore);
        }
    }

    private static void every(ScheduledExecutorService timer, Duration period, Runnable look) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException e) {
                        // A periodic task that throws is never run again.
                        log.atError().setCause(e).log("health could not be watched");
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private Duration samplePeriod() {
        Duration period = thresholds.queueGrowingFor().dividedBy(SAMPLES);
        if (period.compareTo(SHORTEST_PERIOD) < 0) {
            return SHORTEST_PERIOD;
        }
        return period.compareTo(LONGEST_PERIOD) > 0 ? LONGEST_PERIOD : period;
    }

    void lookAtQueue() {
        if (growth != null && growth.grows(ticker.nanos(), pipeline.waiting())) {
            growingSince = growingSince == null ? clock.instant().minus(thresholds.queueGrowingFor()) : growingSince;
        } else {
            growingSince = null;
        }
    }

    void lookAtStore() {
        long start = ticker.nanos();
        writingSince = start;
        try {
            store.probe();
        } finally {
            lastWrite = ticker.since(start);
            writingSince = null;
        }
    }

    /** Empty unless the queue has grown for as long as the setting says. */
    Optional<Trouble> queue() {
        Instant since = growingSince;
        return since == null
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "queue-growing-for", "more and more runs wait, now " + pipeline.waiting(), since));
    }

    /** Empty unless the last write, or the one that is being tried, took longer than the setting says. */
    Optional<Trouble> slowStore() {
        Long writing = writingSince;
        Duration write = writing == null ? lastWrite : ticker.since(writing);
        Duration longest = write.compareTo(lastWrite) > 0 ? write : lastWrite;
        if (thresholds.slowStore().isZero() || longest.compareTo(thresholds.slowStore()) <= 0) {
            return Optional.empty();
        }
        return Optional.of(new Trouble(
                "slow-store",
                "a write takes " + longest.toMillis() + " ms",
                clock.instant().minus(longest)));
    }
}
