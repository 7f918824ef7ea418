package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When collections run.
 *
 * @param collections by name; names compare without case and dashes
 */
@ConfigurationProperties("scheduler")
public record ScheduleProperties(@Nullable Map<String, CollectionSchedule> collections) implements SettingsGroup {

    /**
     * The schedule of one collection.
     *
     * @param interval null means that it is missing
     */
    public record CollectionSchedule(
            @Nullable Duration interval, @DefaultValue("0s") Duration maxOffset) {}

    /** Each collection under one of its spellings. */
    @Override
    public Map<String, CollectionSchedule> collections() {
        return CollectionNames.distinct(collections);
    }

    @Override
    public void check(Consumer<Problem> problems) {
        collections().forEach((name, schedule) -> {
            Durations.checkPositive(CollectionNames.key(name, "interval"), schedule.interval(), problems);
            Durations.checkNotNegative(CollectionNames.key(name, "max-offset"), schedule.maxOffset(), problems);
        });
    }
}
