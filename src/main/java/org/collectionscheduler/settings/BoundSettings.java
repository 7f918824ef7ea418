package org.collectionscheduler.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** Binds every group; a value that cannot be converted becomes a problem, and its default is taken. */
    public BoundSettings(Environment environment, Collection<Class<? extends SettingsGroup>> types) {
        Set<String> known = new KnownKeys(types).defaults().keySet();
        Sources sources = new Sources(environment, known);
        problems.addAll(UnknownKeys.find(sources, known));
        Binder binder = binder(sources.all(), environment);
        CollectingBindHandler handler = new CollectingBindHandler(problems::add);
        for (Class<? extends SettingsGroup> type : types) {
            ConfigurationPropertyName prefix = ConfigurationPropertyName.of(KnownKeys.prefix(type));
            SettingsGroup group = binder.bindOrCreate(prefix, Bindable.of(type), handler);
            if (group == null) {
                // A single value stands where the group's keys should; it has been reported.
                group = binder(List.of(), environment).bindOrCreate(prefix, Bindable.of(type), handler);
            }
            groups.put(type, group);
            group.check(problems::add);
        }
        UnknownKeys.empty(sources, known).stream()
                .filter(empty ->
                        problems.stream().noneMatch(problem -> problem.key().equals(empty.key())))
                .forEach(problems::add);
    }

    private static Binder binder(List<ConfigurationPropertySource> sources, Environment environment) {
        return new Binder(sources, new PropertySourcesPlaceholdersResolver(environment), SettingsConversion.service());
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

    /** What was wrong with single values. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
