package org.collectionscheduler.settings;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/**
 * Finds settings under {@code scheduler} that nothing reads: mostly a key that was mistyped. No value of theirs is shown,
 * for nobody knows what was meant: it may be a secret, or an address that holds one.
 */
final class UnknownKeys {

    private final KeyTree known;

    UnknownKeys(KeyTree known) {
        this.known = known;
    }

    List<Problem> find(Sources sources) {
        Stream<Problem> keys = sources.keys().stream().flatMap(held -> find(held.names().stream()));
        Stream<Problem> variables = sources.variables().stream()
                .flatMap(source -> source.unknown().stream().map(this::variable));
        return Stream.concat(keys, variables).toList();
    }

    /** Those of a source that nothing reads. */
    Stream<Problem> find(Stream<ConfigurationPropertyName> names) {
        return names.filter(name -> !known.knows(name)).map(this::problem);
    }

    /** Settings without a value: whether that means none or the default is anybody's guess. */
    Stream<Problem> empty(ConfigurationPropertySource source, Stream<ConfigurationPropertyName> names) {
        return names.filter(known::knows)
                .filter(name -> isEmpty(name, source))
                .map(name -> new Problem(
                        name.toString(), null, "is empty", "Give it a value, or remove it for its default"));
    }

    Problem variable(String variable) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(Variables.words(variable), '.');
        return new Problem(
                name.toString(),
                null,
                "is not a setting, nor is there another that the variable " + variable + " could mean",
                remedy(name));
    }

    private static boolean isEmpty(ConfigurationPropertyName name, ConfigurationPropertySource source) {
        var property = source.getConfigurationProperty(name);
        return property != null && String.valueOf(property.getValue()).isBlank();
    }

    private Problem problem(ConfigurationPropertyName name) {
        String below = names(name);
        return below.isEmpty()
                ? new Problem(name.toString(), null, "is not a setting", remedy(name))
                : new Problem(
                        name.toString(),
                        null,
                        "has a value but is only the beginning of other settings",
                        "Under " + name + " there are: " + below);
    }

    private String remedy(ConfigurationPropertyName name) {
        String siblings = names(name.getParent());
        return siblings.isEmpty()
                ? "Remove it or correct its name"
                : "Under " + name.getParent() + " there are: " + siblings;
    }

    /** What may be written below; empty where nothing may. */
    private String names(ConfigurationPropertyName name) {
        KeyTree node = known.at(name);
        return node == null ? "" : node.names().collect(Collectors.joining(", "));
    }
}
