package org.collectionscheduler.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Binds the maps of settings groups, each element from its own keys alone. Every name that is written with anything below
 * it is in the maps of all groups that declare the map, once, under one spelling.
 */
final class SlicedMaps {

    private final Sources sources;
    private final SharedBinder binder;
    private final BindHandler handler;

    SlicedMaps(Sources sources, SharedBinder binder, BindHandler handler) {
        this.sources = sources;
        this.binder = binder;
        this.handler = handler;
    }

    /** The group with its maps; the same when it has none. */
    SettingsGroup filledIn(SettingsGroup group) {
        Constructor<?> constructor = Objects.requireNonNull(KnownKeys.constructor(group.getClass()));
        RecordComponent[] components = group.getClass().getRecordComponents();
        List<@Nullable Object> values = new ArrayList<>();
        boolean changed = false;
        for (RecordComponent component : components) {
            if (KnownKeys.isMapOfParts(component.getGenericType())) {
                values.add(map(group.getClass(), component));
                changed = true;
            } else {
                values.add(value(group, component));
            }
        }
        return changed ? create(constructor, values) : group;
    }

    private @Nullable Map<String, Object> map(Class<?> group, RecordComponent component) {
        String map = KnownKeys.prefix(group) + "." + KnownKeys.dashed(component.getName());
        Class<?> type = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
        if (Stream.of(type.getDeclaredFields()).allMatch(field -> field.getType() == OpenKeys.class)) {
            return null;
        }
        Map<String, Object> values = new TreeMap<>();
        for (Map.Entry<String, ConfigurationPropertyName> element :
                sources.elements(map).entrySet()) {
            Object value = binder.bind(sources.below(map, element.getKey()), element.getValue(), type, handler);
            if (value != null) {
                values.put(element.getKey(), value);
            }
        }
        return values.isEmpty() ? null : values;
    }

    /** As it was given to the constructor, whatever the accessor makes of it. */
    private static @Nullable Object value(SettingsGroup group, RecordComponent component) {
        try {
            Field field = group.getClass().getDeclaredField(component.getName());
            field.setAccessible(true);
            return field.get(group);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record has a field for each component", e);
        }
    }

    private static SettingsGroup create(Constructor<?> constructor, List<@Nullable Object> values) {
        try {
            constructor.setAccessible(true);
            return (SettingsGroup) constructor.newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "a settings group must accept every value; let its check report what is wrong", e);
        }
    }
}
