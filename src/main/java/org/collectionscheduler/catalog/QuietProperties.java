package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Maintenance windows, in which collections are not started by their schedules.
 *
 * @param registeredByCode names that windows may use although the configuration declares no such collections: code in
 *     the process will register them. Any other name that nobody knows is a mistake, which would leave a window without
 *     effect.
 */
@ConfigurationProperties("scheduler")
public record QuietProperties(
        @DefaultValue List<Window> quiet, @DefaultValue List<String> registeredByCode) implements SettingsGroup {

    /**
     * A window, weekly or once. It holds for collections that it names, for those that have all its labels, and for all
     * when it says neither.
     *
     * @param from an instant with its offset, or a local date-time; null for a weekly window, as is {@code to}
     * @param to exclusive
     * @param zone of local times; null means {@code scheduler.defaults.zone}
     * @param slots what becomes of the slots in it
     */
    public record Window(
            @Nullable WeeklyWindow weekly,
            @Nullable String from,
            @Nullable String to,
            @Nullable String zone,
            @DefaultValue List<String> collections,
            @Nullable Map<String, String> labels,
            @DefaultValue("skip") QuietTimes.Slots slots) {}

    /**
     * From a time on days of the week on; null means that it is missing.
     *
     * @param duration as the zone's clocks show it
     */
    public record WeeklyWindow(
            @Nullable List<String> days,
            @Nullable String time,
            @Nullable Duration duration) {}

    @Override
    public void check(Consumer<Problem> problems) {
        // What is wrong shows beside the collections that there are; QuietRules reports it.
    }
}
