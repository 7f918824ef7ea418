package org.collectionscheduler.dispatch;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.collectionscheduler.run.Ticker;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class DispatchConfiguration {

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
