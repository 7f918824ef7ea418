package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.collectionscheduler.settings.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HealthPropertiesTests {

    static HealthProperties bound(Map<String, String> values) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        values.forEach((key, value) -> source.put("scheduler.health." + key, value));
        return new Binder(source).bindOrCreate("scheduler.health", HealthProperties.class);
    }

    private static List<Problem> problems(Map<String, String> values) {
        List<Problem> problems = new ArrayList<>();
        bound(values).check(problems::add);
        return problems;
    }

    @Test
    void theDefaultsAreInBounds() {
        assertThat(problems(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "failed-runs, -1",
        "failed-runs, 1001",
        "success-rate, 1.1",
        "success-rate, -0.1",
        "success-rate, NaN",
        "success-window, 0s",
        "success-runs, 0",
        "missed-intervals, -1",
        "queue-growing-for, -1s",
        "clock-step-shown, -1s",
        "slow-store, 36501d"
    })
    void whatIsOutOfBoundsIsNamed(String key, String value) {
        assertThat(problems(Map.of(key, value)))
                .extracting(Problem::key)
                .containsExactly("scheduler.health." + key);
    }

    @ParameterizedTest
    @CsvSource({
        "failed-runs, 0",
        "success-rate, 0",
        "success-rate, 1",
        "missed-intervals, 0",
        "queue-growing-for, 0s",
        "clock-step-shown, 0s",
        "slow-store, 0s"
    })
    void zeroSwitchesARuleOff(String key, String value) {
        assertThat(problems(Map.of(key, value))).isEmpty();
    }
}
