package org.collectionscheduler.cluster;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A collection of a play.
 *
 * @param every its interval, or the step of its cron expression
 * @param cron whether that step is written as a cron expression, whose slots lie on whole steps of each minute
 * @param maxOverlap how many of its runs may be unfinished at a time
 * @param settings what is written of it beside its collector and its schedule
 */
record PlannedCollection(
        String name, Behaviour behaviour, Duration every, boolean cron, int maxOverlap, Map<String, String> settings) {

    PlannedCollection {
        settings = Map.copyOf(settings);
    }

    boolean isRested() {
        return behaviour == Behaviour.BROKEN;
    }

    /** As its part of the configuration, by key. */
    Map<String, String> properties() {
        String prefix = "scheduler.collections." + name + ".";
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(prefix + "collector", behaviour.collector());
        if (cron) {
            properties.put(prefix + "cron", "*/" + every.toSeconds() + " * * * * *");
        } else {
            properties.put(prefix + "interval", every.toMillis() + "ms");
            properties.put(prefix + "max-offset", every.toMillis() + "ms");
        }
        settings.forEach((key, value) -> properties.put(prefix + key, value));
        return properties;
    }
}
