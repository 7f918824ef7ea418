package org.collectionscheduler.notify;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * A dead man's switch: calls a URL while the service is well, on a thread of its own. That one collection is sick does
 * not stop it; that nothing can be collected or stored does.
 */
final class Heartbeat implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private final @Nullable Function<ExecutorService, HeartbeatCall> calls;
    private final Duration interval;
    private final BooleanSupplier alive;
    private final Counter failures;
    private boolean failing;
    private @Nullable ScheduledExecutorService timer;
    private @Nullable ExecutorService threads;

    /**
     * @param calls makes the call, given the threads for it; null when nothing is to be called
     * @param alive whether the service is well
     */
    Heartbeat(
            @Nullable Function<ExecutorService, HeartbeatCall> calls,
            Duration interval,
            BooleanSupplier alive,
            Counter failures) {
        this.calls = calls;
        this.interval = interval;
        this.alive = alive;
        this.failures = failures;
    }

    @Override
    public synchronized void start() {
        if (calls == null || timer != null) {
            return;
        }
        ExecutorService workers = Executors.newCachedThreadPool(new CustomizableThreadFactory("heartbeat-http-"));
        ScheduledExecutorService beats =
                Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("heartbeat-"));
        HeartbeatCall call = calls.apply(workers);
        // No call lasts longer than the interval, so none piles up.
        beats.scheduleAtFixedRate(() -> beat(call), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        threads = workers;
        timer = beats;
        log.atInfo().addKeyValue("interval", interval).log("heartbeat begins");
    }

    /** Waits for nothing: a call under way is broken off. */
    @Override
    public synchronized void stop() {
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
        if (threads != null) {
            threads.shutdownNow();
            threads = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return timer != null;
    }

    /** As the scheduler, after which it starts and before which it stops, for it depends on it. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private void beat(HeartbeatCall call) {
        try {
            if (alive.getAsBoolean()) {
                call.make().ifPresentOrElse(this::failed, this::succeeded);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again; the message may quote the URL.
            failed("a fault: " + e.getClass().getName());
        }
    }

    private void failed(String reason) {
        failures.increment();
        if (!failing) {
            failing = true;
            log.atWarn().addKeyValue("reason", reason).log("heartbeat fails");
        }
    }

    private void succeeded() {
        if (failing) {
            failing = false;
            log.atInfo().log("heartbeat succeeds again");
        }
    }
}
