package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.collectionscheduler.collector.Collector;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class HostConfigurationTests {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(HostConfiguration.class);

    @Test
    void theHostIsCollectedWhereItIsTheSource() {
        application
                .withPropertyValues("scheduler.source=host")
                .run(context -> assertThat(
                                context.getBeansOfType(Collector.class).values())
                        .extracting(Collector::name)
                        .containsExactlyInAnyOrder("cluster-metadata", "resource-inventory"));
    }

    @Test
    void nothingOfTheHostIsThereForAnotherSource() {
        application
                .withPropertyValues("scheduler.source=kubernetes")
                .run(context -> assertThat(context).doesNotHaveBean(Collector.class));
    }
}
