package org.collectionscheduler.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Where settings come from, the source that wins first; variables are already under the keys that they mean. Every key is
 * put where it will be read from: with its element of a map, with the open keys, or with the rest.
 */
final class Sources {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("scheduler");

    /** The keys under {@code scheduler} that one source holds. */
    record Keys(ConfigurationPropertySource source, List<ConfigurationPropertyName> names) {}

    /** @param variables null for a source that holds keys */
    private record Place(
            ConfigurationPropertySource source, @Nullable Variables variables) {}

    /** One element of a map: its key in each spelling, and what is written below it. */
    private record Element(Map<String, ConfigurationPropertyName> spellings, List<Slice> slices) {}

    private final KeyTree known;
    private final List<Place> places = new ArrayList<>();
    private final List<Keys> keys = new ArrayList<>();
    private final List<ConfigurationPropertySource> rest = new ArrayList<>();
    private final Map<String, Map<String, Element>> elements = new HashMap<>();
    private final Map<String, List<Slice>> open = new HashMap<>();

    Sources(Environment environment, KeyTree known) {
        this.known = known;
        List<Keys> written = new ArrayList<>();
        ConfigurationPropertySources.get(environment).forEach(source -> written.add(keys(source)));
        ChosenNames chosen = new ChosenNames();
        written.forEach(found -> found.names().forEach(name -> chosen.add(name, known)));
        for (Keys found : written) {
            if (found.source().getUnderlyingSource() instanceof SystemEnvironmentPropertySource underlying) {
                Variables variables = new Variables(underlying, known, chosen);
                ConfigurationPropertySource settings = variables.settings();
                places.add(new Place(settings, variables));
                sort(keys(settings));
            } else {
                places.add(new Place(found.source(), null));
                sort(found);
            }
        }
    }

    /** Every key, under the source that holds it. */
    List<Keys> keys() {
        return keys;
    }

    /** To bind from what is neither an element of a sliced map nor open. */
    List<ConfigurationPropertySource> rest() {
        return rest;
    }

    List<Variables> variables() {
        return places.stream()
                .flatMap(place -> Optional.ofNullable(place.variables()).stream())
                .toList();
    }

    /** The elements of a sliced map by name, each under one of its spellings, with its key. */
    Map<String, ConfigurationPropertyName> elements(String map) {
        Map<String, ConfigurationPropertyName> names = new TreeMap<>();
        elementsOf(map).values().forEach(element -> names.putAll(Names.distinct(element.spellings())));
        return names;
    }

    /** What is written below one element of a sliced map. */
    List<Slice> below(String map, String element) {
        Element found = elementsOf(map).get(Names.canonical(element));
        return found == null ? List.of() : found.slices();
    }

    /** Forgets everything but open keys: there may be very many others, and they are bound. */
    void forgetAllButOpen() {
        keys.clear();
        rest.clear();
        elements.clear();
    }

    /** Whether anything is written below an open key. */
    boolean hasOpen(String key) {
        return open.containsKey(Names.canonical(key))
                || variables().stream().anyMatch(found -> !found.below(key).isEmpty());
    }

    /**
     * What is written below an open key, the source that wins first.
     *
     * @param below the keys that there are
     * @param unknown takes variables that mean none of them
     */
    List<ConfigurationPropertySource> open(String key, KeyTree below, List<String> unknown) {
        List<Slice> slices = open.getOrDefault(Names.canonical(key), List.of());
        ChosenNames chosen = new ChosenNames();
        slices.forEach(slice -> slice.forEach(name -> chosen.add(name, below)));
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        for (Place place : places) {
            slices.stream().filter(slice -> slice.isOf(place.source())).forEach(sources::add);
            if (place.variables() != null) {
                sources.add(place.variables().below(key, below, chosen, unknown));
            }
        }
        return sources;
    }

    private static Keys keys(ConfigurationPropertySource source) {
        boolean listable = source instanceof IterableConfigurationPropertySource
                && !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource);
        return new Keys(
                source,
                listable
                        ? ((IterableConfigurationPropertySource) source)
                                .stream().filter(ROOT::isAncestorOf).toList()
                        : List.of());
    }

    private void sort(Keys found) {
        keys.add(found);
        Slice others = new Slice(found.source());
        for (ConfigurationPropertyName name : found.names()) {
            sort(name, found.source(), others);
        }
        rest.add(found.source() instanceof IterableConfigurationPropertySource ? others : found.source());
    }

    /** Finds the first element of the name at which it is an element of a sliced map, or open. */
    private void sort(ConfigurationPropertyName name, ConfigurationPropertySource source, Slice others) {
        KeyTree node = known;
        for (int i = 0; i < name.getNumberOfElements() && node != null; i++) {
            if (node.kind() == KeyTree.Kind.OPEN) {
                slice(open.computeIfAbsent(Names.canonical(name.chop(i).toString()), key -> new ArrayList<>()), source)
                        .add(name);
                return;
            }
            KeyTree next = node.step(name, i);
            if (node.isSliced() && next == node.each() && i + 1 < name.getNumberOfElements()) {
                Element element = element(name.chop(i), name.chop(i + 1));
                if (!liesOpen(name, next, i + 1)) {
                    slice(element.slices(), source).add(name);
                    return;
                }
            }
            node = next;
        }
        others.add(name);
    }

    private static boolean liesOpen(ConfigurationPropertyName name, @Nullable KeyTree from, int element) {
        KeyTree node = from;
        for (int i = element; i < name.getNumberOfElements() && node != null; i++) {
            if (node.kind() == KeyTree.Kind.OPEN) {
                return true;
            }
            node = node.step(name, i);
        }
        return false;
    }

    private Element element(ConfigurationPropertyName map, ConfigurationPropertyName name) {
        String spelling = name.getLastElement(Form.ORIGINAL);
        Element element = elements.computeIfAbsent(map.toString(), key -> new HashMap<>())
                .computeIfAbsent(Names.canonical(spelling), key -> new Element(new TreeMap<>(), new ArrayList<>()));
        element.spellings().put(spelling, name);
        return element;
    }

    private static Slice slice(List<Slice> slices, ConfigurationPropertySource source) {
        Slice last = slices.isEmpty() ? null : slices.get(slices.size() - 1);
        if (last != null && last.isOf(source)) {
            return last;
        }
        Slice slice = new Slice(source);
        slices.add(slice);
        return slice;
    }

    private Map<String, Element> elementsOf(String map) {
        return elements.getOrDefault(map, Map.of());
    }
}
