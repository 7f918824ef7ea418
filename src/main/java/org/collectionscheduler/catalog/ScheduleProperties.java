package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.List;
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
public record ScheduleProperties(
        @DefaultValue Defaults defaults, @Nullable Map<String, CollectionSchedule> collections)
        implements SettingsGroup {

    /**
     * What holds for collections that do not say otherwise.
     *
     * @param zone of local times
     * @param intervals of collections that have no schedule of their own, by collector; null when nothing is written
     */
    public record Defaults(
            @DefaultValue("UTC") String zone, @Nullable Map<String, Duration> intervals) {}

    /**
     * The schedule of one collection: of interval, cron, weekly and at there may be one. Null means that it is not
     * written.
     *
     * @param zone of the local times in {@code cron}, {@code weekly} and {@code at}
     * @param at an instant with its offset, or a local date-time
     */
    public record CollectionSchedule(
            @Nullable Duration interval,
            @Nullable String cron,
            @Nullable Weekly weekly,
            @Nullable String at,
            @Nullable String zone,
            @DefaultValue("0s") Duration maxOffset) {}

    /**
     * A time on days of the week; null means that it is missing.
     *
     * @param zone null means that of the collection
     */
    public record Weekly(
            @Nullable List<String> days,
            @Nullable String time,
            @Nullable String zone) {}

    /** Each collection under one of its spellings. */
    @Override
    public Map<String, CollectionSchedule> collections() {
        return CollectionNames.distinct(collections);
    }

    @Override
    public void check(Consumer<Problem> problems) {
        Map<String, Duration> intervals = CollectionNames.distinct(defaults.intervals());
        intervals.forEach((collector, interval) ->
                Durations.checkPositive("scheduler.defaults.intervals." + collector, interval, problems));
        collections().forEach((name, schedule) -> {
            Durations.checkPositive(CollectionNames.key(name, "interval"), schedule.interval(), problems);
            Durations.checkNotNegative(CollectionNames.key(name, "max-offset"), schedule.maxOffset(), problems);
        });
    }
}
