package org.collectionscheduler.kubernetes;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen at the next requests to some paths. A path may be one path, one with {@code *} for some of its
 * segments, one that ends in {@code /**} for all below, or {@code "*"} for all; the most exact one counts.
 */
final class FakeOrders<T> {

    private record Order<T>(String path, Pattern pattern, T what, AtomicInteger times) {}

    private final Map<String, Order<T>> orders = new ConcurrentHashMap<>();

    void put(String path, T what, int times) {
        orders.put(path, new Order<>(path, pattern(path), what, new AtomicInteger(times)));
    }

    /** Counts a request. @return null when nothing is to happen */
    @Nullable T next(String path) {
        Order<T> order = orders.get(path);
        if (order == null) {
            order = orders.values().stream()
                    .filter(candidate -> candidate.pattern().matcher(path).matches())
                    .max(Comparator.comparingInt(candidate -> candidate.path().length()))
                    .orElse(null);
        }
        return order != null && order.times().getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? order.what() : null;
    }

    private static Pattern pattern(String path) {
        StringBuilder regex = new StringBuilder();
        for (String segment : path.split("/", -1)) {
            regex.append("/")
                    .append(
                            switch (segment) {
                                case "*" -> "[^/]+";
                                case "**" -> ".*";
                                default -> Pattern.quote(segment);
                            });
        }
        return Pattern.compile(path.equals("*") ? ".*" : regex.substring(1));
    }
}
