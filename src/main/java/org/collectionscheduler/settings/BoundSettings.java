package org.collectionscheduler.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.Environment;

/** The settings as they were written, mistakes included. Only checks look at it; everybody else gets {@link Settings}. */
public final class BoundSettings {

    private final Map<Class<?>, SettingsGroup> groups = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Environment environment;
    private final Sources sources;

    /** Binds every group; a value that cannot be converted becomes a problem, and its default is taken. */
    public BoundSettings(Environment environment, Collection<Class<? extends SettingsGroup>> types) {
        KeyTree known = new KnownKeys(types).tree();
        this.environment = environment;
        this.sources = new Sources(environment, known);
        UnknownKeys unknown = new UnknownKeys(known, true);
        problems.addAll(unknown.find(sources));
        CollectingBindHandler handler = new CollectingBindHandler(problems::add, problems::add, (key, value) -> {});
        SlicedMaps maps = new SlicedMaps(sources, this::binder, handler);
        for (Class<? extends SettingsGroup> type : types) {
            SettingsGroup group = maps.filledIn(bind(type, handler));
            groups.put(type, group);
            group.check(problems::add);
        }
        addEmpty(unknown);
        sources.forgetAllButOpen();
    }

    private SettingsGroup bind(Class<? extends SettingsGroup> type, CollectingBindHandler handler) {
        ConfigurationPropertyName prefix = ConfigurationPropertyName.of(KnownKeys.prefix(type));
        SettingsGroup group = binder(sources.rest()).bindOrCreate(prefix, Bindable.of(type), handler);
        if (group == null) {
            // A single value stands where the group's keys should; it has been reported.
            group = binder(List.of()).bindOrCreate(prefix, Bindable.of(type), handler);
        }
        return group;
    }

    private void addEmpty(UnknownKeys unknown) {
        Set<String> reported = new HashSet<>();
        problems.forEach(problem -> reported.add(problem.key()));
        sources.keys().stream()
                .flatMap(keys -> unknown.empty(keys.source(), keys.names().stream()))
                .filter(empty -> !reported.contains(empty.key()))
                .forEach(problems::add);
    }

    private Binder binder(Iterable<ConfigurationPropertySource> from) {
        return new Binder(from, new PropertySourcesPlaceholdersResolver(environment), SettingsConversion.service());
    }

    /** The group of that type, defaults in place of values that could not be read. */
    public <T extends SettingsGroup> T get(Class<T> type) {
        SettingsGroup group = groups.get(type);
        if (group == null) {
            throw new IllegalStateException(
                    type + " is not declared as a settings group; declare it as a SettingsType");
        }
        return type.cast(group);
    }

    /** Whether anything is written below a key that a group declares as {@link OpenKeys}. */
    public boolean has(String openKey) {
        return sources.hasOpen(openKey);
    }

    /**
     * Binds what is written below a key that a group declares as {@link OpenKeys}. What has no default and is not
     * nullable must be there; what the type's constructor refuses becomes a problem. No value of an unknown key is shown.
     *
     * @param parts takes every value that was made on the way, with its key
     * @return null when a problem was reported
     */
    public <T> @Nullable T bind(
            String openKey, Class<T> type, Consumer<Problem> problems, BiConsumer<String, Object> parts) {
        return new OpenBinding<>(openKey, type, sources, this::binder).bind(problems, parts);
    }

    /** What was wrong with single values. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
