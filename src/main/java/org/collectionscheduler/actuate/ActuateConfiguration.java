package org.collectionscheduler.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.SchedulerLifecycle;
import org.collectionscheduler.catalog.ServiceHealth;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.run.Instances;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.Ticker;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class ActuateConfiguration {

    @Bean
    CollectionsEndpoint collectionsEndpoint(
            Catalog catalog, SchedulerLifecycle lifecycle, Instance instance, Instances instances) {
        return new CollectionsEndpoint(catalog, lifecycle, instance, instances);
    }

    /** The name without its suffix is the component's: {@code collections}. */
    @Bean
    CollectionsHealthIndicator collectionsHealthIndicator(
            ServiceHealth health, SchedulerLifecycle lifecycle, RunPipeline pipeline) {
        return new CollectionsHealthIndicator(health, lifecycle, pipeline);
    }

    @Bean
    CollectionMetrics collectionMetrics(MeterRegistry registry, Catalog catalog, RunPipeline pipeline, Ticker ticker) {
        return new CollectionMetrics(registry, catalog, pipeline, ticker);
    }

    @Bean
    InstanceMetrics instanceMetrics(Instances instances, Ticker ticker) {
        return new InstanceMetrics(instances, ticker);
    }
}
