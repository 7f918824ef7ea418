package org.collectionscheduler.settings;

import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.PropertySourcesPropertyResolver;

/** Reads and checks the whole configuration as a start would, without changing anything. */
public final class ConfigurationReader {

    /** They say where and what to read, which has been done. */
    private static final ConfigurationPropertyName OF_READING = ConfigurationPropertyName.of("spring.config");

    private final ConfigurationFiles files;
    private final List<Class<? extends SettingsGroup>> types;
    private final List<SettingsCheck> checks;

    ConfigurationReader(
            ConfigurationFiles files, List<Class<? extends SettingsGroup>> types, List<SettingsCheck> checks) {
        this.files = files;
        this.types = List.copyOf(types);
        this.checks = List.copyOf(checks);
    }

    /**
     * The configuration as it is written now, without mistakes.
     *
     * @param bound what open keys are read from
     * @param otherwise names of keys that have another value than at the start, or only now or only then have one
     */
    public record Configuration(BoundSettings bound, Settings settings, SortedSet<String> otherwise) {}

    /**
     * Reads everything anew.
     *
     * @param compared tells the keys of which it matters whether they are otherwise
     * @throws StartRefusedException with all mistakes, when there are any
     */
    public Configuration read(Predicate<String> compared) {
        ConfigurationFiles.Reading reading = files.read();
        BoundSettings bound = new BoundSettings(reading.environment(), types);
        return new Configuration(bound, new Settings(bound, checks), otherwise(reading, compared));
    }

    private static SortedSet<String> otherwise(ConfigurationFiles.Reading reading, Predicate<String> compared) {
        Values now = new Values(reading.environment());
        Values then = new Values(reading.started());
        SortedSet<String> otherwise = new TreeSet<>();
        reading.changing().stream()
                .flatMap(source -> names(ConfigurationPropertySources.from(source)))
                .filter(name -> !OF_READING.isAncestorOf(name) && compared.test(name.toString()))
                .distinct()
                .filter(name -> !Objects.equals(now.of(name), then.of(name)))
                .forEach(name -> otherwise.add(name.toString()));
        return otherwise;
    }

    private static Stream<ConfigurationPropertyName> names(Iterable<ConfigurationPropertySource> sources) {
        return StreamSupport.stream(sources.spliterator(), false)
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .map(IterableConfigurationPropertySource.class::cast)
                .flatMap(IterableConfigurationPropertySource::stream);
    }

    /** The values in force of one environment. Random ones stay as they are written, or they would never be the same. */
    private static final class Values {

        private final List<ConfigurationPropertySource> sources;
        private final PropertySourcesPropertyResolver resolver;

        Values(ConfigurableEnvironment environment) {
            sources = StreamSupport.stream(
                            ConfigurationPropertySources.get(environment).spliterator(), false)
                    .toList();
            MutablePropertySources lasting = new MutablePropertySources();
            for (PropertySource<?> source : environment.getPropertySources()) {
                if (!(source instanceof RandomValuePropertySource)
                        && !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)) {
                    lasting.addLast(source);
                }
            }
            resolver = new PropertySourcesPropertyResolver(lasting);
        }

        @Nullable String of(ConfigurationPropertyName name) {
            return sources.stream()
                    .map(source -> source.getConfigurationProperty(name))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .map(ConfigurationProperty::getValue)
                    .map(value -> resolver.resolvePlaceholders(value.toString()))
                    .orElse(null);
        }
    }
}
