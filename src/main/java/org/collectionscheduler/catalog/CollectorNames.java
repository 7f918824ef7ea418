package org.collectionscheduler.catalog;

import java.net.URL;
import java.security.CodeSource;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.jspecify.annotations.Nullable;

/** Refuses collectors that cannot be told apart, or be written in a configuration. */
final class CollectorNames {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private CollectorNames() {}

    static void check(Collection<Collector> collectors, Consumer<Problem> problems) {
        Map<String, Collector> byName = new TreeMap<>();
        for (Collector collector : collectors) {
            String name = collector.name();
            Collector first = byName.putIfAbsent(Names.canonical(name), collector);
            if (first != null) {
                problems.accept(new Problem(
                        "collector " + name,
                        null,
                        "is there twice: " + origin(first) + " and " + origin(collector),
                        "Rename one of them, or remove its jar from " + CollectorsProperties.DIRECTORY));
            } else if (!NAME.matcher(name).matches()) {
                problems.accept(new Problem(
                        "collector " + name,
                        null,
                        "is not a name for a collector: " + origin(collector),
                        "Let its name() return up to 63 lower-case letters, digits and dashes"));
            }
        }
    }

    private static String origin(Collector collector) {
        CodeSource source = collector.getClass().getProtectionDomain().getCodeSource();
        @Nullable URL location = source == null ? null : source.getLocation();
        return collector.getClass().getName() + (location == null ? "" : " from " + location);
    }
}
