package org.collectionscheduler.settings;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Names of collections and collectors compare without case, dashes and underscores, as Boot compares keys. */
public final class Names {

    /** The longest spelling first, which is the one with dashes. */
    private static final Comparator<String> BEST_FIRST =
            Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder());

    private Names() {}

    /** The one form of a name in which names are compared. */
    public static String canonical(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Each name under one of its spellings, the longest, which is the one with dashes; in the order of the names. */
    public static <T> Map<String, T> distinct(Map<String, T> spelled) {
        Map<String, String> spellings = new TreeMap<>();
        spelled.keySet()
                .forEach(name -> spellings.merge(
                        canonical(name), name, (one, other) -> BEST_FIRST.compare(one, other) <= 0 ? one : other));
        Map<String, T> distinct = new TreeMap<>();
        spellings.values().forEach(name -> distinct.put(name, spelled.get(name)));
        return distinct;
    }
}
