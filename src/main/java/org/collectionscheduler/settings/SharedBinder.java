package org.collectionscheduler.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.Environment;

/** One binder for many small sets of sources: making one takes a hundred times as long as binding a few keys. */
final class SharedBinder {

    private final Binder binder;
    private List<? extends ConfigurationPropertySource> current = List.of();

    SharedBinder(Environment environment) {
        binder = new Binder(
                () -> current.stream()
                        .map(ConfigurationPropertySource.class::cast)
                        .iterator(),
                new PropertySourcesPlaceholdersResolver(environment),
                SettingsConversion.service());
    }

    /** What is written in these sources, with defaults for what is not; null when a problem keeps it from being made. */
    synchronized <T> @Nullable T bind(
            List<? extends ConfigurationPropertySource> sources,
            ConfigurationPropertyName name,
            Class<T> type,
            BindHandler handler) {
        current = sources;
        try {
            return binder.bindOrCreate(name, Bindable.of(type), handler);
        } finally {
            current = List.of();
        }
    }
}
