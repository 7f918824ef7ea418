package org.collectionscheduler.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Where settings come from, the source that wins first; variables are already under the keys that they mean. */
final class Sources {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("scheduler");

    private final List<ConfigurationPropertySource> all = new ArrayList<>();
    private final List<IterableConfigurationPropertySource> written = new ArrayList<>();
    private final List<Variables> variables = new ArrayList<>();

    Sources(Environment environment, Set<String> known) {
        List<ConfigurationPropertySource> plain = new ArrayList<>();
        ConfigurationPropertySources.get(environment).forEach(plain::add);
        plain.stream()
                .filter(source -> !isVariables(source))
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .forEach(source -> written.add((IterableConfigurationPropertySource) source));
        Set<String> chosen = chosenNames(known);
        for (ConfigurationPropertySource source : plain) {
            if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource underlying) {
                Variables found = new Variables(underlying, known, chosen);
                variables.add(found);
                all.add(found.settings());
            } else {
                all.add(source);
            }
        }
    }

    /** To bind from. */
    List<ConfigurationPropertySource> all() {
        return all;
    }

    /** Files, arguments and whatever else holds keys as they are documented. */
    List<IterableConfigurationPropertySource> written() {
        return written;
    }

    List<Variables> variables() {
        return variables;
    }

    /** The keys under {@code scheduler} that the source holds. */
    static Stream<ConfigurationPropertyName> keys(IterableConfigurationPropertySource source) {
        return source.stream().filter(ROOT::isAncestorOf);
    }

    private static boolean isVariables(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
    }

    /** The longest spelling first, which is the one with dashes. */
    private Set<String> chosenNames(Set<String> known) {
        Set<String> names =
                new TreeSet<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        for (String pattern : known) {
            int star = List.of(pattern.split("\\.")).indexOf("*");
            if (star > 0) {
                ConfigurationPropertyName parent =
                        ConfigurationPropertyName.of(pattern.substring(0, pattern.indexOf(".*")));
                written.stream()
                        .flatMap(Sources::keys)
                        .filter(parent::isAncestorOf)
                        .forEach(name -> names.add(name.getElement(star, Form.ORIGINAL)));
            }
        }
        return names;
    }
}
