package org.collectionscheduler.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownKeysTests {

    record WithoutPrefix() implements SettingsGroup {
        @Override
        public void check(Consumer<Problem> problems) {}
    }

    @Test
    void listsEveryKeyWithItsDefaultInTheOrderOfTheAlphabet() {
        Map<String, @Nullable String> expected = new LinkedHashMap<>();
        expected.put("scheduler.garage.cars.*.colour", "red");
        expected.put("scheduler.garage.cars.*.max-age", null);
        expected.put("scheduler.garage.doors", "3");
        expected.put("scheduler.garage.heated", "true");
        expected.put("scheduler.garage.key-file", null);
        expected.put("scheduler.garage.lamp.watts", "60");
        expected.put("scheduler.garage.layout", "side-by-side");
        expected.put("scheduler.garage.max-load", "1MB");
        expected.put("scheduler.garage.opening-time", "10m");

        assertThat(List.copyOf(
                        new KnownKeys(List.of(GarageSettings.class)).defaults().entrySet()))
                .isEqualTo(List.copyOf(expected.entrySet()));
    }

    @Test
    void refusesAGroupWithoutPrefix() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new KnownKeys(List.of(WithoutPrefix.class)))
                .withMessageContaining("@ConfigurationProperties");
    }
}
