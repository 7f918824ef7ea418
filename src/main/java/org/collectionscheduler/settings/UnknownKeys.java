package org.collectionscheduler.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Finds settings under {@code scheduler} that nothing reads: mostly a key that was mistyped. */
final class UnknownKeys {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("scheduler");

    /** What Kubernetes sets in every container for a Service that happens to be called scheduler. */
    private static final Pattern SERVICE_LINK = Pattern.compile("scheduler\\.(service|port)(\\..*)?");

    private final Set<String> known;

    private UnknownKeys(Set<String> known) {
        this.known = known;
    }

    static List<Problem> find(ConfigurableEnvironment environment, KnownKeys keys) {
        UnknownKeys unknown = new UnknownKeys(keys.defaults().keySet());
        List<IterableConfigurationPropertySource> sources = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                sources.add(iterable);
            }
        }
        Set<String> declared = sources.stream()
                .flatMap(source -> source.stream().filter(ROOT::isAncestorOf).filter(unknown::isKnown))
                .map(name -> flat(name.toString()))
                .collect(Collectors.toSet());
        return sources.stream()
                .flatMap(source -> source.stream()
                        .filter(ROOT::isAncestorOf)
                        .filter(name -> !unknown.isKnown(name))
                        .filter(name -> !isVariable(source) || !isHarmlessVariable(name, declared))
                        .map(name -> unknown.problem(name, source)))
                .toList();
    }

    private static boolean isVariable(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
    }

    private boolean isKnown(ConfigurationPropertyName name) {
        return known.stream().anyMatch(pattern -> matches(name, pattern.split("\\.")));
    }

    /** In a variable's name an underscore may stand for a dash as well as for a dot. */
    private static boolean isHarmlessVariable(ConfigurationPropertyName name, Set<String> declared) {
        return SERVICE_LINK.matcher(name.toString()).matches() || declared.contains(flat(name.toString()));
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

    private Problem problem(ConfigurationPropertyName name, ConfigurationPropertySource source) {
        String parent = name.getParent().toString();
        String siblings = known.stream()
                .filter(pattern -> matches(name.getParent(), parentOf(pattern).split("\\.")))
                .map(pattern -> pattern.substring(pattern.lastIndexOf('.') + 1))
                .sorted()
                .collect(Collectors.joining(", "));
        String remedy =
                siblings.isEmpty() ? "Remove it or correct its name" : "Under " + parent + " there are: " + siblings;
        return new Problem(name.toString(), value(name, source), "is not a setting", remedy);
    }

    private static @Nullable String value(ConfigurationPropertyName name, ConfigurationPropertySource source) {
        String last =
                name.getLastElement(ConfigurationPropertyName.Form.UNIFORM).toLowerCase(Locale.ROOT);
        boolean secret = Pattern.compile("token|secret|password|salt|seed|key")
                .matcher(last)
                .find();
        var property = source.getConfigurationProperty(name);
        return secret || property == null ? null : String.valueOf(property.getValue());
    }

    private static String parentOf(String pattern) {
        return pattern.substring(0, pattern.lastIndexOf('.'));
    }

    private static String flat(String name) {
        return name.replaceAll("[.-]", "").toLowerCase(Locale.ROOT);
    }
}
