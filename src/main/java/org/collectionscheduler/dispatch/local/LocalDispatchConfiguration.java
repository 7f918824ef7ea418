package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.collectionscheduler.dispatch.Engine;
import org.collectionscheduler.dispatch.LockKeeper;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.dispatch.WakingQueue;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.store.AdvisoryLock;
import org.collectionscheduler.store.DatabaseServer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@Conditional(Engine.OnLocal.class)
@EnableScheduling
class LocalDispatchConfiguration {

    private static final int TIMER_THREADS = 2;

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
    LocalDispatcher localDispatcher(
            RunPipeline pipeline,
            ThreadPoolTaskScheduler taskScheduler,
            WakingQueue waking,
            WakingProbe wakingProbe,
            Clock clock) {
        return new LocalDispatcher(pipeline::wake, taskScheduler, waking::execute, wakingProbe, clock);
    }

    @Bean
    LocalInstances localInstances(LocalDispatcher dispatcher, RunPipeline pipeline, Instance instance, Clock clock) {
        return new LocalInstances(dispatcher, pipeline, instance, clock);
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

    /** A database that several processes could use is used by this one alone. */
    @Configuration(proxyBeanMethods = false)
    @Conditional({Engine.OnLocal.class, DatabaseServer.OnUrl.class})
    static class OnDatabaseServer {

        @Bean(destroyMethod = "shutdownNow")
        ScheduledExecutorService databaseLockTimer() {
            return Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("database-lock-"));
        }

        @Bean(initMethod = "start")
        LockKeeper databaseLock(DatabaseServer server, ClaimGate gate, ScheduledExecutorService databaseLockTimer) {
            return new LockKeeper(new AdvisoryLock(server, AdvisoryLock.Mode.ALONE), gate, databaseLockTimer);
        }
    }
}
