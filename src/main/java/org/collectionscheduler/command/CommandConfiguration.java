package org.collectionscheduler.command;

import org.collectionscheduler.collector.Collector;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CommandConfiguration {

    @Bean
    static Collector commandCollector() {
        return new CommandCollector(System::nanoTime);
    }
}
