package org.collectionscheduler.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * The keys that the records of all settings groups declare, with {@code *} for a name that the operator chooses, each
 * with its default; null where there is none.
 */
final class KnownKeys {

    private final Map<String, @Nullable String> defaults = new TreeMap<>();

    KnownKeys(Collection<Class<? extends SettingsGroup>> groups) {
        groups.forEach(group -> addRecord(prefix(group), group));
    }

    /** Key patterns and defaults, in the order of the alphabet. */
    Map<String, @Nullable String> defaults() {
        return defaults;
    }

    static String prefix(Class<?> group) {
        ConfigurationProperties annotation =
                AnnotatedElementUtils.findMergedAnnotation(group, ConfigurationProperties.class);
        if (annotation == null) {
            throw new IllegalStateException(group + " needs @ConfigurationProperties with its prefix");
        }
        return annotation.prefix();
    }

    private void addRecord(String prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            add(prefix + "." + dashed(component.getName()), component.getGenericType(), defaultOf(type, component));
        }
    }

    private void add(String key, Type type, @Nullable String defaultValue) {
        if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
            add(key + ".*", map.getActualTypeArguments()[1], null);
        } else if (type instanceof Class<?> nested && nested.isRecord()) {
            addRecord(key, nested);
        } else {
            defaults.put(key, defaultValue);
        }
    }

    private static @Nullable String defaultOf(Class<?> type, RecordComponent component) {
        RecordComponent[] components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(component.getName())) {
                DefaultValue value =
                        type.getDeclaredConstructors()[0].getParameters()[i].getAnnotation(DefaultValue.class);
                return value == null || value.value().length == 0 ? null : value.value()[0];
            }
        }
        return null;
    }

    private static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
