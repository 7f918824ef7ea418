package org.collectionscheduler.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/** Binds what is written below an open key to a type that is known only now, and finds everything wrong with it. */
final class OpenBinding<T> {

    private final ConfigurationPropertyName key;
    private final Class<T> type;
    private final UnknownKeys unknown;
    private final List<ConfigurationPropertySource> found;
    private final Set<ConfigurationPropertyName> written = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> refusals = new ArrayList<>();

    /** @param keys those of the type */
    OpenBinding(String key, Class<T> type, KeyTree keys, Sources sources) {
        KeyTree known = KeyTree.at(key, keys);
        List<String> unread = new ArrayList<>();
        this.key = ConfigurationPropertyName.adapt(key, '.');
        this.type = type;
        this.unknown = new UnknownKeys(known);
        this.found = sources.open(key, known, unread);
        iterable().forEach(source -> source.forEach(written::add));
        unread.forEach(variable -> problems.add(unknown.variable(variable)));
    }

    /** Reports each mistake once, and what the constructor refuses only when nothing else is wrong. */
    @Nullable T bind(SharedBinder binder, Consumer<Problem> report, BiConsumer<String, Object> parts) {
        iterable().forEach(source -> unknown.find(source.stream()).forEach(problems::add));
        T value = binder.bind(
                found,
                key,
                type,
                new CollectingBindHandler(
                        problems::add,
                        refusals::add,
                        name -> false,
                        (part, made) -> parts.accept(part.toString(), made)));
        iterable().forEach(source -> unknown.empty(source, source.stream()).forEach(problems::add));
        addMissing(key, type);
        Set<String> reported = new HashSet<>();
        List<Problem> first = (problems.isEmpty() ? refusals : problems)
                .stream().filter(problem -> reported.add(problem.key())).toList();
        first.forEach(report);
        return first.isEmpty() ? value : null;
    }

    private Stream<IterableConfigurationPropertySource> iterable() {
        return found.stream()
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .map(IterableConfigurationPropertySource.class::cast);
    }

    private void addMissing(ConfigurationPropertyName parent, Class<?> parts) {
        Constructor<?> constructor = KnownKeys.constructor(parts);
        if (constructor == null) {
            return;
        }
        Type[] types = constructor.getGenericParameterTypes();
        for (int i = 0; i < types.length; i++) {
            ConfigurationPropertyName name = parent.append(KnownKeys.name(constructor, i));
            if (isWritten(name)) {
                addMissingBelow(name, types[i]);
            } else if (!mayBeMissing(constructor, i)) {
                problems.add(new Problem(name.toString(), null, "is missing", "Set it: it has no default"));
            }
        }
    }

    private void addMissingBelow(ConfigurationPropertyName name, Type type) {
        if (type instanceof Class<?> plain) {
            addMissing(name, plain);
        } else if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            boolean hasElements = raw == Map.class || Collection.class.isAssignableFrom(raw);
            if (hasElements && arguments[arguments.length - 1] instanceof Class<?> each) {
                written.stream()
                        .filter(name::isAncestorOf)
                        .map(below -> below.chop(name.getNumberOfElements() + 1))
                        .distinct()
                        .toList()
                        .forEach(element -> addMissing(element, each));
            }
        }
    }

    private boolean isWritten(ConfigurationPropertyName name) {
        return written.contains(name) || written.stream().anyMatch(name::isAncestorOf);
    }

    private static boolean mayBeMissing(Constructor<?> constructor, int index) {
        Parameter parameter = constructor.getParameters()[index];
        Class<?> owner = constructor.getDeclaringClass();
        Stream<java.lang.annotation.Annotation> annotations = Stream.of(
                        Stream.of(parameter.getAnnotations()),
                        Stream.of(parameter.getAnnotatedType().getAnnotations()),
                        owner.isRecord()
                                ? Stream.of(owner.getRecordComponents()[index]
                                        .getAnnotatedType()
                                        .getAnnotations())
                                : Stream.<java.lang.annotation.Annotation>empty())
                .flatMap(Function.identity());
        return parameter.getType() == Optional.class
                || parameter.isAnnotationPresent(DefaultValue.class)
                || annotations.anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }
}
