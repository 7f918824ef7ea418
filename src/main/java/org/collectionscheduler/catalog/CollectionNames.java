package org.collectionscheduler.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.collectionscheduler.settings.Names;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * The names under {@code scheduler.collections}, which several settings records share: each holds only those
 * collections of which one of its own keys is written, under whichever spelling.
 */
final class CollectionNames {

    private CollectionNames() {}

    /**
     * Each collection under one of its spellings, the longest, which is the one with dashes. The values are the same
     * under every spelling, for binding merges what is written under any of them.
     *
     * @param bound null when nothing is written
     */
    static <T> Map<String, T> distinct(@Nullable Map<String, T> bound) {
        Map<String, T> distinct = new TreeMap<>();
        if (bound != null) {
            union(List.of(bound)).forEach(name -> distinct.put(name, bound.get(name)));
        }
        return distinct;
    }

    /** Every collection that any of the maps holds, under the longest of its spellings, in the order of the names. */
    static Set<String> union(Collection<? extends Map<String, ?>> maps) {
        Map<String, String> spellings = new TreeMap<>();
        maps.stream()
                .flatMap(map -> map.keySet().stream())
                .sorted(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .forEach(name -> spellings.putIfAbsent(Names.canonical(name), name));
        return new TreeSet<>(spellings.values());
    }

    /**
     * What a record says of a collection, under any spelling; of one that it does not hold, what it says by default.
     *
     * @param type of the values, the defaults of which are declared on its components
     */
    static <T> Function<String, T> orDefault(Map<String, T> known, Class<T> type) {
        Map<String, T> byCanonicalName = new TreeMap<>();
        known.forEach((name, value) -> byCanonicalName.put(Names.canonical(name), value));
        T absent = new Binder(List.of()).bindOrCreate("absent", Bindable.of(type));
        return name -> byCanonicalName.getOrDefault(Names.canonical(name), absent);
    }

    static String key(String collection, String setting) {
        return "scheduler.collections." + collection + "." + setting;
    }
}
