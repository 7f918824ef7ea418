package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.collectionscheduler.dispatch.DispatcherContract;
import org.collectionscheduler.dispatch.WakingQueue;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.RunPipeline.Woken;
import org.collectionscheduler.run.ScheduledCollection;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/** The local dispatcher with the timer and the thread that the service gives it. */
public final class LocalEngine {

    private static final Executor THREADS = Executors.newCachedThreadPool(threadFactory());

    private LocalEngine() {}

    private static CustomizableThreadFactory threadFactory() {
        CustomizableThreadFactory factory = new CustomizableThreadFactory("engine-");
        factory.setDaemon(true);
        return factory;
    }

    public static DispatcherContract.Engine of(RunPipeline pipeline, Clock clock) {
        return of(pipeline::wake, clock);
    }

    /** @param pipeline as {@code RunPipeline.wake} */
    public static DispatcherContract.Engine of(Function<ScheduledCollection, Woken> pipeline, Clock clock) {
        LocalDispatchConfiguration configuration = new LocalDispatchConfiguration();
        ThreadPoolTaskScheduler timer = configuration.taskScheduler(clock);
        timer.initialize();
        WakingQueue waking = new WakingQueue(8, THREADS);
        LocalDispatcher dispatcher = new LocalDispatcher(
                pipeline, timer, waking::execute, configuration.wakingProbe(timer, waking, System::nanoTime), clock);
        dispatcher.configureTasks(new ScheduledTaskRegistrar());
        return new DispatcherContract.Engine(
                dispatcher,
                event -> {
                    if (event instanceof CollectionFreed freed) {
                        dispatcher.onFreed(freed);
                    }
                },
                timer::shutdown);
    }
}
