package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.collectionscheduler.dispatch.DispatcherContract;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/** The local dispatcher with the timer and the thread that the service gives it. */
public final class LocalEngine {

    private LocalEngine() {}

    public static DispatcherContract.Engine of(RunPipeline pipeline, Clock clock) {
        return of(pipeline::wake, clock);
    }

    /** @param pipeline as {@code RunPipeline.wake} */
    public static DispatcherContract.Engine of(Function<ScheduledCollection, Optional<Instant>> pipeline, Clock clock) {
        LocalDispatchConfiguration configuration = new LocalDispatchConfiguration();
        ThreadPoolTaskScheduler timer = configuration.taskScheduler(clock);
        timer.initialize();
        ExecutorService waking = configuration.waking();
        LocalDispatcher dispatcher = new LocalDispatcher(
                pipeline, timer, waking, configuration.wakingProbe(timer, waking, System::nanoTime), clock);
        dispatcher.configureTasks(new ScheduledTaskRegistrar());
        return new DispatcherContract.Engine(
                dispatcher,
                event -> {
                    if (event instanceof CollectionFreed freed) {
                        dispatcher.onFreed(freed);
                    }
                },
                () -> {
                    timer.shutdown();
                    waking.shutdownNow();
                });
    }
}
