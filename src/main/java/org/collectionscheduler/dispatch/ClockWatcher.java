package org.collectionscheduler.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.run.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the wall clock with monotonic time. Timers run on the latter: after a step of the former, or a sleep of the
 * machine, they would fire at the wrong moment.
 */
public final class ClockWatcher {

    private static final Logger log = LoggerFactory.getLogger(ClockWatcher.class);

    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** Slewing by a time service stays far below this within one period. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    /**
     * A step of the wall clock.
     *
     * @param size negative when it went back
     * @param at when it was noticed, by the clock behind the step
     */
    public record ClockStep(Duration size, Instant at) {}

    private record LastStep(ClockStep step, long noticed) {}

    private final Dispatcher dispatcher;
    private final Clock clock;
    private final Ticker ticker;
    private final ScheduledExecutorService timer;
    private Instant wall;
    private long monotonic;
    private boolean rearmFailed;
    private @Nullable ScheduledFuture<?> task;
    private volatile @Nullable LastStep lastStep;

    ClockWatcher(Dispatcher dispatcher, Clock clock, Ticker ticker, ScheduledExecutorService timer) {
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.ticker = ticker;
        this.timer = timer;
        this.wall = clock.instant();
        this.monotonic = ticker.nanos();
    }

    public synchronized void start() {
        wall = clock.instant();
        monotonic = ticker.nanos();
        task = timer.scheduleWithFixedDelay(this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    public synchronized void stop() {
        if (task != null) {
            task.cancel(false);
        }
    }

    /** The newest step of the wall clock, unless it was noticed longer ago than that. */
    public Optional<ClockStep> stepWithin(Duration time) {
        LastStep last = lastStep;
        return last != null && ticker.since(last.noticed()).compareTo(time) <= 0
                ? Optional.of(last.step())
                : Optional.empty();
    }

    private void look() {
        try {
            compare();
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            log.atError().setCause(e).log("the timers could not be set anew");
        }
    }

    /** Has every timer set anew when the clocks have come apart since the last look; again, when that failed. */
    synchronized void compare() {
        Instant expected = wall.plus(ticker.since(monotonic));
        wall = clock.instant();
        monotonic = ticker.nanos();
        Duration step = Duration.between(expected, wall);
        if (step.abs().compareTo(TOLERANCE) > 0) {
            lastStep = new LastStep(new ClockStep(step, wall), monotonic);
        }
        if (step.abs().compareTo(TOLERANCE) > 0 || rearmFailed) {
            log.atWarn().addKeyValue("step", step).log("wall clock stepped: timers are set anew");
            rearmFailed = true;
            dispatcher.rearm();
            rearmFailed = false;
        }
    }
}
