package org.collectionscheduler.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.unit.DataSize;

/** Turns a value that cannot be converted into a problem, and goes on. */
final class CollectingBindHandler implements BindHandler {

    private final Consumer<Problem> problems;

    CollectingBindHandler(Consumer<Problem> problems) {
        this.problems = problems;
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        ConfigurationProperty property = context.getConfigurationProperty();
        String value = property == null ? null : String.valueOf(property.getValue());
        Class<?> type = target.getType().resolve(Object.class);
        problems.accept(new Problem(name.toString(), value, "is not " + expected(type), remedy(type)));
        return null;
    }

    private static String expected(Class<?> type) {
        if (type == Duration.class) {
            return "a duration with a unit";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == DataSize.class) {
            return "a size with a unit";
        }
        if (type == int.class || type == long.class) {
            return "a whole number";
        }
        return type.isEnum() ? "one of " + constants(type) : "a value of the right form";
    }

    private static String remedy(Class<?> type) {
        if (type == Duration.class) {
            return Durations.REMEDY;
        }
        if (type == DataSize.class) {
            return "Write a size such as 512KB or 8MB";
        }
        return type.isEnum() ? "Choose one of these" : "Write " + expected(type);
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }
}
