package org.collectionscheduler.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * The keys that records declare, with {@code *} for a name that the operator chooses and {@code [*]} for the elements of
 * a list, each with its default; null where there is none. A class that is no record is a value, unless one of its
 * constructors has {@link ConstructorBinding}: then that one's parameters are its keys.
 */
final class KnownKeys {

    private final Map<String, @Nullable String> defaults = new TreeMap<>();
    private final KeyTree tree = new KeyTree();

    KnownKeys(Collection<Class<? extends SettingsGroup>> groups) {
        for (Class<? extends SettingsGroup> group : groups) {
            KeyTree node = at(prefix(group));
            addParts(prefix(group), node, group);
            Stream.of(group.getRecordComponents())
                    .filter(component -> isMapOfParts(component.getGenericType()))
                    .forEach(
                            component -> node.child(dashed(component.getName())).makeSliced());
        }
    }

    private KnownKeys() {}

    /** The keys of one type, wherever they are. */
    static KeyTree of(Class<?> type) {
        KnownKeys keys = new KnownKeys();
        keys.addParts("", keys.tree, type);
        return keys.tree;
    }

    /** Key patterns and defaults, in the order of the alphabet. */
    Map<String, @Nullable String> defaults() {
        return defaults;
    }

    KeyTree tree() {
        return tree;
    }

    static String prefix(Class<?> group) {
        ConfigurationProperties annotation =
                AnnotatedElementUtils.findMergedAnnotation(group, ConfigurationProperties.class);
        if (annotation == null) {
            throw new IllegalStateException(group + " needs @ConfigurationProperties with its prefix");
        }
        return annotation.prefix();
    }

    /** The constructor whose parameters are keys; null for a class that is a value. */
    static @Nullable Constructor<?> constructor(Class<?> type) {
        if (type.isRecord()) {
            Class<?>[] components = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            return Arrays.stream(type.getDeclaredConstructors())
                    .filter(constructor -> Arrays.equals(constructor.getParameterTypes(), components))
                    .findFirst()
                    .orElseThrow();
        }
        return Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> constructor.isAnnotationPresent(ConstructorBinding.class))
                .findFirst()
                .orElse(null);
    }

    /** Whether a value of that type is made of several keys. */
    static boolean hasParts(Type type) {
        return type instanceof Class<?> plain && constructor(plain) != null;
    }

    /** The key below its parent that a parameter of {@link #constructor} stands for. */
    static String name(Constructor<?> constructor, int parameter) {
        Class<?> type = constructor.getDeclaringClass();
        String name = type.isRecord()
                ? type.getRecordComponents()[parameter].getName()
                : constructor.getParameters()[parameter].getName();
        return dashed(name);
    }

    static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Whether the type is a map to values that are made of several keys. */
    static boolean isMapOfParts(Type type) {
        return type instanceof ParameterizedType map
                && map.getRawType() == Map.class
                && hasParts(map.getActualTypeArguments()[1]);
    }

    private KeyTree at(String key) {
        KeyTree node = tree;
        for (String element : key.split("\\.")) {
            node = node.child(element);
        }
        return node;
    }

    private void addParts(String prefix, KeyTree node, Class<?> type) {
        Constructor<?> constructor = constructor(type);
        if (constructor == null) {
            throw new IllegalStateException(type + " declares no keys; make it a record");
        }
        Type[] types = constructor.getGenericParameterTypes();
        for (int i = 0; i < types.length; i++) {
            String name = name(constructor, i);
            add(
                    prefix + "." + name,
                    node.child(name),
                    types[i],
                    defaultOf(constructor.getParameters()[i]));
        }
    }

    private void add(String key, KeyTree node, Type type, @Nullable String defaultValue) {
        if (type == OpenKeys.class) {
            node.makeOpen();
            defaults.put(key + ".*", null);
        } else if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
            Type value = map.getActualTypeArguments()[1];
            addEach(key + ".*", node.each(hasParts(value) ? KeyTree.Kind.MAP : KeyTree.Kind.VALUES), value);
        } else if (type instanceof ParameterizedType list
                && list.getRawType() instanceof Class<?> raw
                && Collection.class.isAssignableFrom(raw)) {
            addList(key, node, list.getActualTypeArguments()[0], defaultValue);
        } else if (hasParts(type)) {
            addParts(key, node, (Class<?>) type);
        } else {
            node.makeSetting();
            defaults.put(key, defaultValue);
        }
    }

    private void addEach(String key, KeyTree each, Type type) {
        if (hasParts(type)) {
            addParts(key, each, (Class<?>) type);
        } else {
            each.makeSetting();
            defaults.put(key, null);
        }
    }

    /** A list of values may be written in one line, with commas; one of records may not. */
    private void addList(String key, KeyTree node, Type type, @Nullable String defaultValue) {
        KeyTree each = node.each(KeyTree.Kind.LIST);
        if (hasParts(type)) {
            addParts(key + "[*]", each, (Class<?>) type);
        } else {
            each.makeSetting();
            node.makeSetting();
            defaults.put(key, defaultValue);
        }
    }

    private static @Nullable String defaultOf(Parameter parameter) {
        DefaultValue value = parameter.getAnnotation(DefaultValue.class);
        return value == null || value.value().length == 0 ? null : String.join(", ", value.value());
    }
}
