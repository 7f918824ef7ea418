package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is collected, and when.
 *
 * @param source where the built-in collectors look
 * @param collections by name; names compare without case and dashes
 */
@ConfigurationProperties("scheduler")
public record CatalogProperties(
        @DefaultValue("auto") SourceChoice source,
        @DefaultValue("never") RunOnStart runOnStart,
        @Nullable Map<String, CollectionProperties> collections)
        implements SettingsGroup {

    /** The values of {@code scheduler.source}. */
    public enum SourceChoice {
        AUTO,
        KUBERNETES,
        HOST
    }

    /**
     * One collection.
     *
     * @param collector null means the collector of the collection's own name
     * @param interval null means that it is missing
     * @param timeout of one attempt
     */
    public record CollectionProperties(
            @Nullable String collector,
            @DefaultValue("true") boolean enabled,
            @Nullable Duration interval,
            @DefaultValue("0s") Duration maxOffset,
            @DefaultValue("10m") Duration timeout,
            @DefaultValue("run-once") MissedRuns missedRuns) {}

    /** Each collection under one of its spellings, the longest, which is the one with dashes. */
    @Override
    public Map<String, CollectionProperties> collections() {
        return collections == null ? Map.of() : collections;
    }

    @Override
    public void check(Consumer<Problem> problems) {
        collections().forEach((name, collection) -> {
            Durations.checkPositive(key(name, "interval"), collection.interval(), problems);
            Durations.checkNotNegative(key(name, "max-offset"), collection.maxOffset(), problems);
            Durations.checkPositive(key(name, "timeout"), collection.timeout(), problems);
        });
    }

    static String key(String collection, String setting) {
        return "scheduler.collections." + collection + "." + setting;
    }
}
