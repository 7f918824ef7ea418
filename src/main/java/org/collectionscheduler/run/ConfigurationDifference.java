package org.collectionscheduler.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * In what a configuration differs from the one in force: names of collections.
 *
 * @param added those that are not in force
 * @param changed those that are declared otherwise
 * @param lacking those in force that it does not declare
 */
public record ConfigurationDifference(List<String> added, List<String> changed, List<String> lacking) {

    /** So many names of each kind; a line with a hundred thousand helps nobody. */
    private static final int MOST_NAMES = 20;

    /** @param inForce declarations by name */
    static ConfigurationDifference between(Map<String, String> inForce, List<Registration> declared) {
        List<String> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        Map<String, String> left = new TreeMap<>(inForce);
        for (Registration registration : declared) {
            String there = left.remove(registration.name());
            if (there == null) {
                added.add(registration.name());
            } else if (!there.equals(registration.declaration())) {
                changed.add(registration.name());
            }
        }
        return new ConfigurationDifference(added, changed, List.copyOf(left.keySet()));
    }

    /** In a few words, for operators. */
    public String text() {
        List<String> parts = new ArrayList<>();
        add(parts, "adds", added);
        add(parts, "changes", changed);
        add(parts, "lacks", lacking);
        return parts.isEmpty() ? "nothing" : String.join("; ", parts);
    }

    private static void add(List<String> parts, String verb, Collection<String> names) {
        if (!names.isEmpty()) {
            String some = names.stream().sorted().limit(MOST_NAMES).collect(Collectors.joining(", "));
            int more = names.size() - MOST_NAMES;
            parts.add(verb + " " + some + (more > 0 ? " and " + more + " more" : ""));
        }
    }
}
