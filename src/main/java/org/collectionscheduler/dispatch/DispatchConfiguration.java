package org.collectionscheduler.dispatch;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.settings.SettingsCheck;
import org.collectionscheduler.settings.SettingsType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
class DispatchConfiguration {

    @Bean
    SettingsType dispatchSettings() {
        return new SettingsType(DispatchProperties.class);
    }

    @Bean
    SettingsCheck engineCheck() {
        return (settings, problems) -> settings.get(DispatchProperties.class).check(settings.environment(), problems);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    static class ForService {

        /** Who wakes waits for the store most of the time, and what is written at the same time is committed together. */
        private static final int WAKING_PLACES = 8;

        @Bean
        WakingQueue waking(Executor runThreads) {
            return new WakingQueue(WAKING_PLACES, runThreads);
        }

        @Bean(destroyMethod = "shutdownNow")
        ScheduledExecutorService clockWatcherTimer() {
            return Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("clock-watcher-"));
        }

        @Bean
        ClockWatcher clockWatcher(
                Dispatcher dispatcher, Clock clock, Ticker ticker, ScheduledExecutorService clockWatcherTimer) {
            return new ClockWatcher(dispatcher, clock, ticker, clockWatcherTimer);
        }
    }
}
