package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import org.collectionscheduler.collector.Collector;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class KubernetesConfigurationTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(KubernetesConfiguration.class);

    @Test
    void existsForItsSourceEvenWithAWrongKubeconfig() {
        runner.withPropertyValues("scheduler.source=kubernetes", "KUBECONFIG=/nowhere/config")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBeansOfType(Collector.class).values())
                            .extracting(Collector::name, Collector::minimumInterval)
                            .containsExactlyInAnyOrder(
                                    tuple("cluster-metadata", Duration.ofHours(1)),
                                    tuple("resource-inventory", Duration.ofMinutes(30)));
                });
    }

    @Test
    void doesNotExistForTheHost() {
        runner.withPropertyValues("scheduler.source=host")
                .run(context -> assertThat(context).doesNotHaveBean(Collector.class));
    }
}
