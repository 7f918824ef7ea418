package org.collectionscheduler.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** A group with a key of every type that settings have. */
@ConfigurationProperties("scheduler.garage")
record GarageSettings(
        @DefaultValue("10m") Duration openingTime,
        @DefaultValue("3") int doors,
        @DefaultValue("true") boolean heated,
        @DefaultValue("1MB") DataSize maxLoad,
        @DefaultValue("side-by-side") Layout layout,
        @Nullable Path keyFile,
        @DefaultValue Lamp lamp,
        @Nullable Map<String, Car> cars)
        implements SettingsGroup {

    enum Layout {
        SIDE_BY_SIDE,
        STACKED
    }

    record Lamp(@DefaultValue("60") int watts) {}

    record Car(
            @Nullable Duration maxAge, @DefaultValue("red") String colour) {}

    @Override
    public void check(Consumer<Problem> problems) {
        Durations.checkPositive("scheduler.garage.opening-time", openingTime, problems);
    }
}
