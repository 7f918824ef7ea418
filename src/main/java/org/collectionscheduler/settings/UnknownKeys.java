package org.collectionscheduler.settings;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/** Finds settings under {@code scheduler} that nothing reads: mostly a key that was mistyped. */
final class UnknownKeys {

    /** Parts of a name under which somebody may have put what nobody else may read. */
    private static final Pattern SECRET = Pattern.compile("token|secret|password|salt|seed|key");

    private final KeyTree known;

    /** False where any value may be one that nobody else may read. */
    private final boolean showsValues;

    UnknownKeys(KeyTree known, boolean showsValues) {
        this.known = known;
        this.showsValues = showsValues;
    }

    List<Problem> find(Sources sources) {
        Stream<Problem> keys = sources.keys().stream().flatMap(held -> find(held.source(), held.names().stream()));
        Stream<Problem> variables = sources.variables().stream()
                .flatMap(source -> source.unknown().stream()
                        .map(variable -> variable(variable, isSecret(variable) ? null : source.value(variable))));
        return Stream.concat(keys, variables).toList();
    }

    /** Those of a source that nothing reads. */
    Stream<Problem> find(ConfigurationPropertySource source, Stream<ConfigurationPropertyName> names) {
        return names.filter(name -> !known.knows(name)).map(name -> problem(name, value(name, source)));
    }

    /** Settings without a value: whether that means none or the default is anybody's guess. */
    Stream<Problem> empty(ConfigurationPropertySource source, Stream<ConfigurationPropertyName> names) {
        return names.filter(known::knows)
                .filter(name -> isEmpty(name, source))
                .map(name -> new Problem(
                        name.toString(), null, "is empty", "Give it a value, or remove it for its default"));
    }

    /** @param value null when it must not be shown */
    Problem variable(String variable, @Nullable String value) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(Variables.words(variable), '.');
        return new Problem(
                name.toString(),
                value,
                "is not a setting, nor is there another that the variable " + variable + " could mean",
                remedy(name));
    }

    private static boolean isEmpty(ConfigurationPropertyName name, ConfigurationPropertySource source) {
        var property = source.getConfigurationProperty(name);
        return property != null && String.valueOf(property.getValue()).isBlank();
    }

    private Problem problem(ConfigurationPropertyName name, @Nullable String value) {
        String below = names(name);
        return below.isEmpty()
                ? new Problem(name.toString(), value, "is not a setting", remedy(name))
                : new Problem(
                        name.toString(),
                        value,
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

    private @Nullable String value(ConfigurationPropertyName name, ConfigurationPropertySource source) {
        var property = source.getConfigurationProperty(name);
        return property == null || !showsValues || isSecret(name.toString())
                ? null
                : String.valueOf(property.getValue());
    }

    private static boolean isSecret(String name) {
        return SECRET.matcher(Variables.flat(name)).find();
    }
}
