package org.collectionscheduler.catalog;

import java.util.Map;
import java.util.function.Consumer;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is collected.
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
     */
    public record CollectionProperties(
            @Nullable String collector,
            @DefaultValue("true") boolean enabled) {}

    /** The same with another choice of runs at the start. */
    CatalogProperties withRunOnStart(RunOnStart otherRunOnStart) {
        return new CatalogProperties(source, otherRunOnStart, collections);
    }

    /** Each collection under one of its spellings. */
    @Override
    public Map<String, CollectionProperties> collections() {
        return CollectionNames.distinct(collections);
    }

    @Override
    public void check(Consumer<Problem> problems) {
        // Each value that can be converted is in bounds.
    }
}
