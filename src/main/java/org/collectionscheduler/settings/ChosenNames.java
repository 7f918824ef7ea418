package org.collectionscheduler.settings;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** The names that operators have chosen for the elements of maps, as they are written in files and arguments. */
final class ChosenNames {

    private final Map<KeyTree, Map<String, String>> byMap = new IdentityHashMap<>();

    /** Takes the names in a key into account. */
    void add(ConfigurationPropertyName key, KeyTree root) {
        KeyTree node = root;
        for (int i = 0; i < key.getNumberOfElements() && node != null; i++) {
            KeyTree next = node.step(key, i);
            if (next != null && next == node.each() && node.kind() != KeyTree.Kind.LIST) {
                String name = key.getElement(i, Form.ORIGINAL);
                // The longest spelling is the one with dashes.
                byMap.computeIfAbsent(node, map -> new HashMap<>())
                        .merge(
                                Variables.flat(name),
                                name,
                                (one, other) -> one.length() >= other.length() ? one : other);
            }
            node = next;
        }
    }

    /** The spelling of the name that is meant; empty when nobody has chosen it. */
    Optional<String> in(KeyTree map, String flatName) {
        return Optional.ofNullable(byMap.getOrDefault(map, Map.of()).get(flatName));
    }
}
