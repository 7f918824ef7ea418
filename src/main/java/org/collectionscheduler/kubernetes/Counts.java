package org.collectionscheduler.kubernetes;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * How often each of several values was seen. A cluster that shows ever new values does not fill the memory: from a limit
 * on they are counted together as {@link #OTHER}.
 */
final class Counts {

    static final String OTHER = "other";

    private final int maxValues;
    private final Map<String, Long> counts = new TreeMap<>();
    private long overflow;

    Counts(int maxValues) {
        this.maxValues = maxValues;
    }

    void add(String value) {
        add(value, 1);
    }

    void add(Counts page) {
        page.counts.forEach(this::add);
        overflow += page.overflow;
    }

    /** The value seen most often, the first in the alphabet of several; {@code none} when none was seen. */
    String mostFrequent(String none) {
        String best = none;
        long most = 0;
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            if (entry.getValue() > most) {
                most = entry.getValue();
                best = entry.getKey();
            }
        }
        return best;
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** In the order of the names. */
    Map<String, Long> asMap() {
        return named(UnaryOperator.identity());
    }

    /** The values seen most often, in the order of their names; the rest is counted together. */
    Map<String, Long> most(int maxShown) {
        Map<String, Long> shown = new TreeMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(maxShown)
                .forEach(entry -> shown.put(entry.getKey(), entry.getValue()));
        long rest = sum(counts) + overflow - sum(shown);
        if (rest > 0) {
            shown.merge(OTHER, rest, Long::sum);
        }
        return shown;
    }

    /** With other names, in the order of those. */
    Map<String, Long> named(UnaryOperator<String> name) {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((value, count) -> named.merge(name.apply(value), count, Long::sum));
        if (overflow > 0) {
            named.merge(OTHER, overflow, Long::sum);
        }
        return named;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    void add(String value, long count) {
        if (counts.containsKey(value) || counts.size() < maxValues) {
            counts.merge(value, count, Long::sum);
        } else {
            overflow += count;
        }
    }
}
