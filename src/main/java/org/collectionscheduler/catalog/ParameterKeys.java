package org.collectionscheduler.catalog;

import java.util.Map;
import java.util.function.Consumer;
import org.collectionscheduler.settings.OpenKeys;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Says where parameters of collectors are written; which there are is known to each collector. */
@ConfigurationProperties("scheduler")
public record ParameterKeys(@Nullable Map<String, OfCollection> collections) implements SettingsGroup {

    /** What belongs to one collection. */
    public record OfCollection(@Nullable OpenKeys parameters) {}

    @Override
    public void check(Consumer<Problem> problems) {
        // Each collector's own type says what is wrong.
    }

    /** The key below which a collection's parameters are written. */
    static String key(String collection) {
        return CollectionNames.key(collection, "parameters");
    }
}
