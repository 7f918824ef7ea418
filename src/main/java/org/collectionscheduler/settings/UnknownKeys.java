package org.collectionscheduler.settings;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/** Finds settings under {@code scheduler} that nothing reads: mostly a key that was mistyped. */
final class UnknownKeys {

    /** Parts of a name under which somebody may have put what nobody else may read. */
    private static final Pattern SECRET = Pattern.compile("token|secret|password|salt|seed|key");

    private final Set<String> known;

    private UnknownKeys(Set<String> known) {
        this.known = known;
    }

    static List<Problem> find(Sources sources, Set<String> known) {
        UnknownKeys unknown = new UnknownKeys(known);
        Stream<Problem> keys = sources.written().stream()
                .flatMap(source -> Sources.keys(source)
                        .filter(name -> !unknown.isKnown(name))
                        .map(name -> unknown.problem(name, value(name, source), "is not a setting")));
        Stream<Problem> variables = sources.variables().stream()
                .flatMap(source -> source.unknown().stream()
                        .map(variable -> unknown.problem(
                                ConfigurationPropertyName.adapt(Variables.words(variable), '.'),
                                isSecret(variable) ? null : source.value(variable),
                                "is not a setting, nor is there another that the variable " + variable
                                        + " could mean")));
        return Stream.concat(keys, variables).toList();
    }

    /** Settings without a value: whether that means none or the default is anybody's guess. */
    static List<Problem> empty(Sources sources, Set<String> known) {
        UnknownKeys keys = new UnknownKeys(known);
        return sources.all().stream()
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .map(IterableConfigurationPropertySource.class::cast)
                .flatMap(source -> Sources.keys(source)
                        .filter(keys::isKnown)
                        .filter(name -> isEmpty(name, source))
                        .map(name -> new Problem(
                                name.toString(), null, "is empty", "Give it a value, or remove it for its default")))
                .toList();
    }

    private static boolean isEmpty(ConfigurationPropertyName name, ConfigurationPropertySource source) {
        var property = source.getConfigurationProperty(name);
        return property != null && String.valueOf(property.getValue()).isBlank();
    }

    private boolean isKnown(ConfigurationPropertyName name) {
        return known.stream().anyMatch(pattern -> matches(name, pattern.split("\\.")));
    }

    private static boolean matches(ConfigurationPropertyName name, String[] pattern) {
        if (name.getNumberOfElements() != pattern.length) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            String element = name.getElement(i, ConfigurationPropertyName.Form.UNIFORM);
            if (!pattern[i].equals("*") && !pattern[i].replace("-", "").equals(element)) {
                return false;
            }
        }
        return true;
    }

    private Problem problem(ConfigurationPropertyName name, @Nullable String value, String wrong) {
        String parent = name.getParent().toString();
        String siblings = known.stream()
                .filter(pattern -> matches(name.getParent(), parentOf(pattern).split("\\.")))
                .map(pattern -> pattern.substring(pattern.lastIndexOf('.') + 1))
                .sorted()
                .collect(Collectors.joining(", "));
        String remedy =
                siblings.isEmpty() ? "Remove it or correct its name" : "Under " + parent + " there are: " + siblings;
        return new Problem(name.toString(), value, wrong, remedy);
    }

    private static @Nullable String value(ConfigurationPropertyName name, ConfigurationPropertySource source) {
        var property = source.getConfigurationProperty(name);
        return property == null || isSecret(name.toString()) ? null : String.valueOf(property.getValue());
    }

    private static boolean isSecret(String name) {
        return SECRET.matcher(Variables.flat(name)).find();
    }

    private static String parentOf(String pattern) {
        return pattern.substring(0, pattern.lastIndexOf('.'));
    }
}
