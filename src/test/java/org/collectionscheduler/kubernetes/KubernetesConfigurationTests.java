package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class KubernetesConfigurationTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(KubernetesConfiguration.class);

    @Test
    void existsForItsSourceEvenWithAWrongKubeconfigAndBeforeTheSettings() {
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
    void doesNotExistForTheHostButItsKeysAreKnown() {
        runner.withPropertyValues("scheduler.source=host")
                .run(context ->
                        assertThat(context).doesNotHaveBean(Collector.class).hasSingleBean(SettingsType.class));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void refusesARateOutOfBounds(int rate) {
        List<Problem> problems = new ArrayList<>();

        new KubernetesProperties(rate).check(problems::add);

        assertThat(problems)
                .singleElement()
                .hasToString("scheduler.kubernetes.requests-per-second = '" + rate
                        + "': is out of bounds. Set a number from 1 to 10000");
    }
}
