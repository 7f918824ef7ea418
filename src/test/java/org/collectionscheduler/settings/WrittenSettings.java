package org.collectionscheduler.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Settings as an operator writes them: arguments win over variables, and these over files. */
public final class WrittenSettings {

    private final List<String> arguments = new ArrayList<>();
    private final Map<String, Object> variables = new LinkedHashMap<>();
    private final List<String> files = new ArrayList<>();

    public static WrittenSettings none() {
        return new WrittenSettings();
    }

    /** Every key with its default; null where there is none. */
    public static Map<String, @Nullable String> defaults(Collection<Class<? extends SettingsGroup>> types) {
        return new KnownKeys(types).defaults();
    }

    /** The pattern, among those of {@link #defaults}, of a key as it is written; the key where there is none. */
    public static String pattern(Collection<Class<? extends SettingsGroup>> types, String key) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(key);
        KeyTree node = new KnownKeys(types).tree();
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            KeyTree next = node.step(name, i);
            if (node.kind() == KeyTree.Kind.OPEN) {
                return pattern + ".*";
            } else if (next == null) {
                return key;
            } else if (next != node.each()) {
                pattern.append(pattern.isEmpty() ? "" : ".").append(name.getElement(i, Form.DASHED));
            } else if (node.kind() == KeyTree.Kind.LIST && next.isSetting()) {
                return pattern.toString();
            } else {
                pattern.append(node.kind() == KeyTree.Kind.LIST ? "[*]" : ".*");
            }
            node = next;
        }
        return pattern.toString();
    }

    public static WrittenSettings yaml(String text) {
        return none().andYaml(text);
    }

    public static WrittenSettings variable(String name, String value) {
        return none().andVariable(name, value);
    }

    /** Wins over the files given after it. */
    public WrittenSettings andYaml(String text) {
        files.add(text);
        return this;
    }

    public WrittenSettings andVariable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    public WrittenSettings andArgument(String argument) {
        arguments.add(argument);
        return this;
    }

    public ConfigurableEnvironment environment() {
        StandardEnvironment environment = new StandardEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        sources.remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        sources.remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        sources.addLast(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
        sources.addLast(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        for (String file : files) {
            try {
                new YamlPropertySourceLoader()
                        .load("file " + file.hashCode(), new ByteArrayResource(file.getBytes(StandardCharsets.UTF_8)))
                        .forEach(sources::addLast);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return environment;
    }

    public BoundSettings bind(Collection<Class<? extends SettingsGroup>> types) {
        return new BoundSettings(environment(), types);
    }

    /** What an operator reads when the start is refused; empty when it is not. */
    public List<Problem> refusal(Collection<Class<? extends SettingsGroup>> types, SettingsCheck... checks) {
        try {
            new Settings(bind(types), List.of(checks));
            return List.of();
        } catch (StartRefusedException e) {
            return e.problems();
        }
    }
}
