package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.List;
import org.collectionscheduler.dispatch.ClockWatcher;
import org.collectionscheduler.dispatch.Dispatcher;
import org.collectionscheduler.run.RunPipeline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the collections after everything else and stops them before anything else.
 *
 * <p>Stopping happens on the caller's thread, so its bound is the grace given here and not the time that Spring allows
 * for one phase.
 */
public final class SchedulerLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SchedulerLifecycle.class);

    /**
     * What the service runs on, as shown to operators.
     *
     * @param source where the built-in collectors look, in lower case
     */
    public record Setting(String source, String store, Duration shutdownTimeout) {}

    private final Collections collections;
    private final Dispatcher dispatcher;
    private final ClockWatcher clockWatcher;
    private final RunPipeline pipeline;
    private final Start start;
    private volatile ServiceState state = ServiceState.STOPPED;

    /** What is to be started. */
    record Start(List<Definition> definitions, Setting setting) {}

    SchedulerLifecycle(
            Collections collections,
            Dispatcher dispatcher,
            ClockWatcher clockWatcher,
            RunPipeline pipeline,
            Start start) {
        this.collections = collections;
        this.dispatcher = dispatcher;
        this.clockWatcher = clockWatcher;
        this.pipeline = pipeline;
        this.start = start;
    }

    @Override
    public void start() {
        state = ServiceState.STARTING;
        int count;
        try {
            count = collections.start(start.definitions());
            clockWatcher.start();
            state = ServiceState.RUNNING;
        } finally {
            if (state != ServiceState.RUNNING) {
                state = ServiceState.ERROR;
            }
        }
        log.atInfo()
                .addKeyValue("source", setting().source())
                .addKeyValue("engine", dispatcher.engine())
                .addKeyValue("store", setting().store())
                .addKeyValue("collections", count)
                .log("started");
    }

    @Override
    public void stop() {
        state = ServiceState.STOPPING;
        log.atInfo().addKeyValue("grace", setting().shutdownTimeout()).log("stop requested");
        clockWatcher.stop();
        collections.stop();
        try {
            pipeline.drain(setting().shutdownTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.warn("stop interrupted: running attempts will count as abandoned");
        }
        state = ServiceState.STOPPED;
        log.info("stopped");
    }

    @Override
    public boolean isRunning() {
        return state == ServiceState.RUNNING;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    /** Whether it runs, but was told to start nothing more before its next start. */
    public boolean isDrained() {
        return isRunning() && pipeline.isDrained();
    }

    public ServiceState state() {
        return state;
    }

    /** Name of the dispatcher that runs. */
    public String engine() {
        return dispatcher.engine();
    }

    public Setting setting() {
        return start.setting();
    }
}
