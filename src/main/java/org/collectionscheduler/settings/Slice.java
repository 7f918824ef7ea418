package org.collectionscheduler.settings;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/**
 * Some of the keys of one source. Boot's binding of maps and lists goes through all keys of a source each time: it gets
 * the few that matter, or ten thousand collections would take as long as ten thousand times ten thousand.
 */
final class Slice implements IterableConfigurationPropertySource {

    private final ConfigurationPropertySource source;
    private final Set<ConfigurationPropertyName> names = new LinkedHashSet<>();

    Slice(ConfigurationPropertySource source) {
        this.source = source;
    }

    void add(ConfigurationPropertyName name) {
        names.add(name);
    }

    boolean isOf(ConfigurationPropertySource other) {
        return source == other;
    }

    @Override
    public Stream<ConfigurationPropertyName> stream() {
        return names.stream();
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
        return names.contains(name) ? source.getConfigurationProperty(name) : null;
    }

    @Override
    public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
        return names.stream().anyMatch(name::isAncestorOf)
                ? ConfigurationPropertyState.PRESENT
                : ConfigurationPropertyState.ABSENT;
    }
}
