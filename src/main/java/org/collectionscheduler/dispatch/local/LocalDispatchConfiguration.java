package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.Ticker;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableScheduling
class LocalDispatchConfiguration {

    private static final int TIMER_THREADS = 2;

    /** Who wakes waits for the store most of the time, and what is written at the same time is committed together. */
    private static final int WAKING_PLACES = 8;

    @Bean
    ThreadPoolTaskScheduler taskScheduler(Clock clock) {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        scheduler.setPoolSize(TIMER_THREADS);
        scheduler.setThreadNamePrefix("timer-");
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setClock(clock);
        return scheduler;
    }

    @Bean
    WakingQueue waking(Executor runThreads) {
        return new WakingQueue(WAKING_PLACES, runThreads);
    }

    @Bean
    LocalDispatcher localDispatcher(
            RunPipeline pipeline,
            ThreadPoolTaskScheduler taskScheduler,
            WakingQueue waking,
            WakingProbe wakingProbe,
            Clock clock) {
        return new LocalDispatcher(pipeline::wake, taskScheduler, waking::execute, wakingProbe, clock);
    }

    /** By a thread of the timer to one of those that wake, as at each slot. */
    @Bean
    WakingProbe wakingProbe(ThreadPoolTaskScheduler taskScheduler, WakingQueue waking, Ticker ticker) {
        return new WakingProbe(task -> taskScheduler.execute(() -> waking.execute(() -> answered(task))), ticker);
    }

    private static Optional<Runnable> answered(Runnable question) {
        question.run();
        return Optional.empty();
    }
}
