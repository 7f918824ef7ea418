package org.collectionscheduler.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.ResolvableType;
import org.springframework.util.unit.DataSize;

/** Turns a value that cannot be converted, or that its constructor refuses, into a problem, and goes on. */
final class CollectingBindHandler implements BindHandler {

    private final Consumer<Problem> problems;
    private final Consumer<Problem> refusals;

    private final Predicate<ConfigurationPropertyName> elsewhere;
    private final BiConsumer<ConfigurationPropertyName, Object> made;

    /**
     * @param refusals takes what constructors refuse, which may only follow from other problems
     * @param elsewhere tells maps that are not to be bound
     * @param made takes every value that was made, with its key
     */
    CollectingBindHandler(
            Consumer<Problem> problems,
            Consumer<Problem> refusals,
            Predicate<ConfigurationPropertyName> elsewhere,
            BiConsumer<ConfigurationPropertyName, Object> made) {
        this.problems = problems;
        this.refusals = refusals;
        this.elsewhere = elsewhere;
        this.made = made;
    }

    @Override
    public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
        Class<?> type = target.getType().resolve();
        return type == OpenKeys.class || type == Map.class && elsewhere.test(name) ? null : target;
    }

    @Override
    public Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        made.accept(name, result);
        return result;
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        Class<?> type = target.getType().resolve(Object.class);
        if (error instanceof BeanInstantiationException refusal) {
            refusals.accept(refusal(name, refusal));
        } else if (error instanceof UnboundConfigurationPropertiesException unbound) {
            unbound.getUnboundProperties().forEach(property -> problems.accept(gap(property)));
        } else if (KnownKeys.hasParts(type)) {
            problems.accept(new Problem(
                    name.toString(), null, "is one value where several settings belong", "Write those below it"));
        } else {
            ConfigurationProperty property = context.getConfigurationProperty();
            String value = property == null ? null : String.valueOf(property.getValue());
            problems.accept(new Problem(
                    name.toString(), value, "is not " + expected(target.getType()), remedy(target.getType())));
        }
        return null;
    }

    private static Problem refusal(ConfigurationPropertyName name, BeanInstantiationException refusal) {
        Throwable cause = refusal.getMostSpecificCause();
        String said = cause.getMessage();
        return new Problem(
                name.toString(),
                null,
                said == null ? "is refused: " + cause.getClass().getSimpleName() : said,
                "Correct what is written below it");
    }

    private static Problem gap(ConfigurationProperty property) {
        return new Problem(
                property.getName().toString(),
                null,
                "is not read, for the element before it is missing",
                "Number the elements of a list from 0 on, all of them in one place");
    }

    private static String expected(ResolvableType target) {
        Class<?> type = target.resolve(Object.class);
        if (Collection.class.isAssignableFrom(type)) {
            return "a list of which each is " + expected(target.asCollection().getGeneric(0));
        }
        if (type == Duration.class) {
            return "a duration with a unit";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == DataSize.class) {
            return "a size with a unit";
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        return type.isEnum() ? "one of " + constants(type) : "a value of the right form";
    }

    private static String remedy(ResolvableType target) {
        Class<?> type = target.resolve(Object.class);
        if (type == Duration.class) {
            return Durations.REMEDY;
        }
        if (type == DataSize.class) {
            return "Write a size such as 512KB or 8MB";
        }
        return type.isEnum() ? "Choose one of these" : "Write " + expected(target);
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }
}
