package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.Ticker;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableScheduling
class LocalDispatchConfiguration {

    private static final int TIMER_THREADS = 2;

    /** They wait for the store most of the time, and what they write at the same time is committed together. */
    private static final int WAKING_THREADS = 8;

    @Bean
    ThreadPoolTaskScheduler taskScheduler(Clock clock) {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        scheduler.setPoolSize(TIMER_THREADS);
        scheduler.setThreadNamePrefix("timer-");
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setClock(clock);
        return scheduler;
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService waking() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                WAKING_THREADS,
                WAKING_THREADS,
                0,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                new CustomizableThreadFactory("waking-"));
        // A machine that refuses a thread later must not cost a waking.
        executor.prestartAllCoreThreads();
        return executor;
    }

    @Bean
    LocalDispatcher localDispatcher(
            RunPipeline pipeline,
            ThreadPoolTaskScheduler taskScheduler,
            ExecutorService waking,
            WakingProbe wakingProbe,
            Clock clock) {
        return new LocalDispatcher(pipeline::wake, taskScheduler, waking, wakingProbe, clock);
    }

    /** By a thread of the timer to one of those that wake, as at each slot. */
    @Bean
    WakingProbe wakingProbe(ThreadPoolTaskScheduler taskScheduler, ExecutorService waking, Ticker ticker) {
        return new WakingProbe(task -> taskScheduler.execute(() -> waking.execute(task)), ticker);
    }
}
