package org.collectionscheduler.notify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.collectionscheduler.catalog.ServiceHealth;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsType;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class NotifyConfiguration {

    @Bean
    SettingsType heartbeatSettings() {
        return new SettingsType(HeartbeatProperties.class);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    static class ForService {

        @Bean
        Heartbeat heartbeat(Settings settings, ServiceHealth health, MeterRegistry registry) {
            HeartbeatProperties properties = settings.get(HeartbeatProperties.class);
            @Nullable Function<ExecutorService, HeartbeatCall> calls = properties
                    .target()
                    .<Function<ExecutorService, HeartbeatCall>>map(
                            target -> threads -> new HeartbeatCall(target, properties.timeout(), threads))
                    .orElse(null);
            Counter failures = Counter.builder("collection.heartbeat.failures")
                    .description("Heartbeats that were not answered by a success")
                    .register(registry);
            return new Heartbeat(calls, properties.interval(), health::isAlive, failures);
        }
    }
}
