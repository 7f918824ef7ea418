package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
        return Executors.newFixedThreadPool(WAKING_THREADS, new CustomizableThreadFactory("waking-"));
    }

    @Bean
    LocalDispatcher localDispatcher(
            RunPipeline pipeline, ThreadPoolTaskScheduler taskScheduler, ExecutorService waking, Clock clock) {
        return new LocalDispatcher(pipeline, taskScheduler, waking, clock);
    }

    /** By a thread of the timer to one of those that wake, as at each slot. */
    @Bean
    WakingProbe wakingProbe(ThreadPoolTaskScheduler taskScheduler, ExecutorService waking, Ticker ticker) {
        return new WakingProbe(task -> taskScheduler.execute(() -> waking.execute(task)), ticker);
    }
}
