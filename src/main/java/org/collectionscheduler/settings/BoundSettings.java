package org.collectionscheduler.settings;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/** The settings as they were written, mistakes included. Only checks look at it; everybody else gets {@link Settings}. */
public final class BoundSettings {

    private final Map<Class<?>, SettingsGroup> groups = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final SharedBinder binder;
    private final Map<Class<?>, KeyTree> openTypes = new ConcurrentHashMap<>();
    private final Sources sources;
    private final Environment environment;

    /** Binds every group; a value that cannot be converted becomes a problem, and its default is taken. */
    public BoundSettings(Environment environment, Collection<Class<? extends SettingsGroup>> types) {
        KeyTree known = new KnownKeys(types).tree();
        this.environment = environment;
        this.binder = new SharedBinder(environment);
        this.sources = new Sources(environment, known);
        UnknownKeys unknown = new UnknownKeys(known);
        problems.addAll(unknown.find(sources));
        CollectingBindHandler handler = new CollectingBindHandler(
                problems::add, problems::add, name -> isSliced(known.at(name)), (key, value) -> {});
        SlicedMaps maps = new SlicedMaps(sources, binder, handler);
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
        SettingsGroup group = binder.bind(sources.rest(), prefix, type, handler);
        // A single value may stand where the group's keys should; it has been reported.
        return group == null ? requireNonNull(binder.bind(List.of(), prefix, type, handler)) : group;
    }

    /** Whether a map's elements are bound one by one; other groups may have keys of their own beside them. */
    private static boolean isSliced(@Nullable KeyTree node) {
        return node != null && node.isSliced();
    }

    private void addEmpty(UnknownKeys unknown) {
        Set<String> reported = new HashSet<>();
        problems.forEach(problem -> reported.add(problem.key()));
        sources.keys().stream()
                .flatMap(keys -> unknown.empty(keys.source(), keys.names().stream()))
                .filter(empty -> !reported.contains(empty.key()))
                .forEach(problems::add);
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

    /** What they were read from, with settings that are not ours. */
    public Environment environment() {
        return environment;
    }

    /** Whether anything is written below a key that a group declares as {@link OpenKeys}. */
    public boolean has(String openKey) {
        return sources.hasOpen(openKey);
    }

    /**
     * Binds what is written below a key that a group declares as {@link OpenKeys}. What has no default and is not
     * nullable must be there; what the type's constructor refuses becomes a problem.
     *
     * @param parts takes every value that was made on the way, with its key
     * @return null when a problem was reported
     */
    public <T> @Nullable T bind(
            String openKey, Class<T> type, Consumer<Problem> problems, BiConsumer<String, Object> parts) {
        KeyTree keys = openTypes.computeIfAbsent(type, KnownKeys::of);
        return new OpenBinding<>(openKey, type, keys, sources).bind(binder, problems, parts);
    }

    /** What was wrong with single values. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
