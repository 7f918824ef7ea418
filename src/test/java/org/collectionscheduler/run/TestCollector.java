package org.collectionscheduler.run;

import java.time.Duration;
import java.util.Map;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;

/** A collector that does what a test says. */
public record TestCollector(String name, boolean repeatable, Body body) implements Collector {

    /** What it does. */
    @FunctionalInterface
    public interface Body {
        Collected collect(CollectionContext context) throws Exception;
    }

    public static TestCollector of(Body body) {
        return new TestCollector("probe", true, body);
    }

    public static TestCollector succeeding() {
        return of(context -> data());
    }

    public static Collected data() {
        return Collected.of("test", Map.of("answer", 42));
    }

    @Override
    public Duration minimumInterval() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Collected collect(CollectionContext context) throws Exception {
        return body.collect(context);
    }
}
