package org.collectionscheduler.catalog;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.collectionscheduler.collector.Secret;
import org.collectionscheduler.schedule.QuietTimes;
import org.jspecify.annotations.Nullable;

/** What a collection's declaration says, as a short text that is the same in every process. */
final class Declarations {

    private Declarations() {}

    /** 32 hex digits; other ones when anything is declared otherwise, but for the value of a secret. */
    static String text(Definition definition) {
        String said = String.join(
                "\n",
                definition.name(),
                definition.collector().name(),
                String.valueOf(definition.enabled()),
                definition.rhythm().text(),
                definition.maxOffset().toString(),
                definition.policies().toString(),
                definition.quiet() == QuietTimes.NONE ? "" : definition.quiet().toString(),
                definition.runOnStart().name(),
                text(definition.parameters().value()));
        return digest(said);
    }

    private static String digest(String said) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(said.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Maps and sets in an order that does not depend on the process. */
    private static String text(@Nullable Object value) {
        if (value instanceof Record record) {
            return record.getClass().getName() + components(record);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, String> sorted = new TreeMap<>();
            map.forEach((key, mapped) -> sorted.put(text(key), text(mapped)));
            return sorted.toString();
        }
        if (value instanceof Set<?> set) {
            Set<String> sorted = new TreeSet<>();
            set.forEach(element -> sorted.add(text(element)));
            return sorted.toString();
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(Declarations::text).toList().toString();
        }
        if (value != null && hasNoText(value.getClass())) {
            return value.getClass().getName();
        }
        // Where it is read; what is read there may change without a change of the declaration.
        return value instanceof Secret secret ? "secret " + secret.hashCode() : String.valueOf(value);
    }

    /** Its text would differ from process to process. */
    private static boolean hasNoText(Class<?> type) {
        try {
            return type.getMethod("toString").getDeclaringClass() == Object.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every class has a text", e);
        }
    }

    /** Of all collections together. */
    static String all(List<Definition> definitions) {
        return digest(definitions.stream()
                .map(definition -> definition.name() + "=" + text(definition))
                .sorted()
                .collect(Collectors.joining("\n")));
    }

    private static List<String> components(Record record) {
        List<String> texts = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                texts.add(
                        component.getName() + "=" + text(component.getAccessor().invoke(record)));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("parameter '" + component.getName() + "' cannot be read", e);
            }
        }
        return texts;
    }
}
