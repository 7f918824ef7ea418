package org.collectionscheduler.kubernetes;

import java.util.function.Supplier;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.ConditionalOnSource;
import org.collectionscheduler.collector.Source;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** The collectors that look at a Kubernetes cluster. Nothing is read or reached before the first attempt. */
@Configuration(proxyBeanMethods = false)
class KubernetesConfiguration {

    /** Known, and checked, also where the host is looked at. */
    @Bean
    SettingsType kubernetesSettings() {
        return new SettingsType(KubernetesProperties.class);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnSource(Source.KUBERNETES)
    static class ForCluster {

        @Bean(destroyMethod = "close")
        KubernetesConnections kubernetesConnections(Environment environment) {
            ClusterLocations locations = new ClusterLocations(
                    environment.getProperty("KUBECONFIG"),
                    environment.getProperty("user.home"),
                    environment.getProperty("KUBERNETES_SERVICE_HOST"),
                    environment.getProperty("KUBERNETES_SERVICE_PORT"),
                    ClusterLocations.SERVICE_ACCOUNT);
            return new KubernetesConnections(locations, RequestLimits.DEFAULTS);
        }

        /**
         * One for both collectors, so that what they ask together is bounded. The settings are asked for at the first
         * attempt: their checks need to know the collectors.
         */
        @Bean
        KubernetesAttempts kubernetesAttempts(KubernetesConnections connections, ObjectProvider<Settings> settings) {
            Supplier<RequestGate> gate = SingletonSupplier.of(() -> new RequestGate(
                    settings.getObject().get(KubernetesProperties.class).requestsPerSecond(), System::nanoTime));
            return new KubernetesAttempts(connections, gate, ClientSettings.DEFAULTS, System::nanoTime);
        }

        @Bean
        Collector kubernetesClusterMetadata(KubernetesAttempts attempts) {
            return new ClusterMetadataCollector(attempts);
        }

        @Bean
        Collector kubernetesResourceInventory(KubernetesAttempts attempts) {
            return new ResourceInventoryCollector(attempts);
        }
    }
}
