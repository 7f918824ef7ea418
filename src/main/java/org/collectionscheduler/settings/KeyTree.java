package org.collectionscheduler.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** The keys that exist, as a tree of their elements: a key is found in as many steps as it has elements. */
final class KeyTree {

    /** What may stand below a key, beside the elements with a name of their own. */
    enum Kind {
        /** Only named elements. */
        RECORD,
        /** A name that the operator chooses, then what {@link #each} holds. */
        MAP,
        /** A name that the operator chooses, dots included, and a value. */
        VALUES,
        /** A number in brackets, then what {@link #each} holds. */
        LIST,
        /** Anything: others know what. */
        OPEN
    }

    private final Map<String, KeyTree> named = new TreeMap<>();
    private final Map<String, KeyTree> flat = new HashMap<>();
    private Kind kind = Kind.RECORD;
    private @Nullable KeyTree each;
    private boolean setting;
    private boolean sliced;

    /** A tree in which {@code keys} are what lies below {@code key}, and nothing else is. */
    static KeyTree at(String key, KeyTree keys) {
        KeyTree tree = keys;
        List<String> elements = List.of(key.split("\\."));
        for (int i = elements.size() - 1; i >= 0; i--) {
            KeyTree parent = new KeyTree();
            parent.named.put(elements.get(i), tree);
            parent.flat.put(Variables.flat(elements.get(i)), tree);
            tree = parent;
        }
        return tree;
    }

    /** The element of that name, made where there is none. */
    KeyTree child(String name) {
        KeyTree child = named.computeIfAbsent(name, missing -> new KeyTree());
        flat.put(Variables.flat(name), child);
        return child;
    }

    /** Makes this the parent of elements without names of their own, and returns what stands for each of them. */
    KeyTree each(Kind kindOfThis) {
        kind = kindOfThis;
        if (each == null) {
            each = new KeyTree();
        }
        return each;
    }

    /** Makes this a key that has a value. */
    void makeSetting() {
        setting = true;
    }

    void makeOpen() {
        kind = Kind.OPEN;
    }

    /** Makes this a map of which each element is bound from its own few keys. */
    void makeSliced() {
        sliced = true;
    }

    boolean isSliced() {
        return sliced;
    }

    boolean isSetting() {
        return setting;
    }

    Kind kind() {
        return kind;
    }

    /** What stands for every element of a map or a list; null where there are only names. */
    @Nullable KeyTree each() {
        return each;
    }

    /** The named child, compared without case and dashes. */
    @Nullable KeyTree named(String flatName) {
        return flat.get(flatName);
    }

    Map<String, KeyTree> children() {
        return named;
    }

    /** Whether {@code name}, read from this as the root, is the key of a setting, or lies among open keys. */
    boolean knows(ConfigurationPropertyName name) {
        KeyTree node = this;
        int length = name.getNumberOfElements();
        for (int i = 0; i < length; i++) {
            if (node.kind == Kind.OPEN || node.kind == Kind.VALUES && node.named(uniform(name, i)) == null) {
                return true;
            }
            node = node.step(name, i);
            if (node == null) {
                return false;
            }
        }
        return node.setting;
    }

    /** The node at {@code name}; null when no key begins like that. */
    @Nullable KeyTree at(ConfigurationPropertyName name) {
        KeyTree node = this;
        for (int i = 0; i < name.getNumberOfElements() && node != null; i++) {
            node = node.step(name, i);
        }
        return node;
    }

    /** One element further; null when there is no such element. */
    @Nullable KeyTree step(ConfigurationPropertyName name, int element) {
        KeyTree child = named(uniform(name, element));
        if (child != null || each == null) {
            return child;
        }
        return kind != Kind.LIST || name.isNumericIndex(element) ? each : null;
    }

    /** The names of what may be written below, as an operator writes them. */
    Stream<String> names() {
        return named.entrySet().stream()
                .map(child -> child.getKey() + (child.getValue().kind == Kind.LIST ? "[0]" : ""));
    }

    private static String uniform(ConfigurationPropertyName name, int element) {
        return Variables.flat(name.getElement(element, Form.UNIFORM));
    }
}
