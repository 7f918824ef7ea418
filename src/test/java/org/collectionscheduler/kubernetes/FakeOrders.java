package org.collectionscheduler.kubernetes;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which requests are to be answered badly. */
final class FakeOrders {

    private record Order(String path, Pattern pattern, Misbehaviour misbehaviour, AtomicInteger times) {}

    private final Map<String, Order> orders = new ConcurrentHashMap<>();

    void put(String path, Misbehaviour misbehaviour, int times) {
        orders.put(path, new Order(path, pattern(path), misbehaviour, new AtomicInteger(times)));
    }

    /** Counts a request. @return null when it is to be answered well */
    @Nullable Misbehaviour next(String path) {
        Order order = orders.get(path);
        if (order == null) {
            order = orders.values().stream()
                    .filter(candidate -> candidate.pattern().matcher(path).matches())
                    .max(Comparator.comparingInt(candidate -> candidate.path().length()))
                    .orElse(null);
        }
        return order != null && order.times().getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? order.misbehaviour() : null;
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
