package org.collectionscheduler.kubernetes;

import java.util.Map;
import tools.jackson.core.JsonParser;

/** Counts objects of which nothing else is asked. */
final class ObjectTally implements Tally<ObjectTally> {

    private long total;

    @Override
    public void read(JsonParser item) {
        total++;
    }

    @Override
    public void add(ObjectTally page) {
        total += page.total;
    }

    Map<String, Object> data() {
        return Map.of("total", total);
    }
}
