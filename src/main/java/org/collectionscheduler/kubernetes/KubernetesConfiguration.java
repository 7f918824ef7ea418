package org.collectionscheduler.kubernetes;

import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.ConditionalOnSource;
import org.collectionscheduler.collector.Source;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The collectors that look at a Kubernetes cluster. Nothing is read or reached before the first attempt. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnSource(Source.KUBERNETES)
class KubernetesConfiguration {

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

    @Bean
    Collector kubernetesClusterMetadata(KubernetesConnections connections) {
        return new ClusterMetadataCollector(new KubernetesAttempts(connections, ClientSettings.DEFAULTS));
    }

    @Bean
    Collector kubernetesResourceInventory(KubernetesConnections connections) {
        return new ResourceInventoryCollector(new KubernetesAttempts(connections, ClientSettings.DEFAULTS));
    }
}
