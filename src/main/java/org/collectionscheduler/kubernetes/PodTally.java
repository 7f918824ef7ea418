package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Counts pods by namespace. */
final class PodTally implements Tally<PodTally> {

    /** Ten times the namespaces that a cluster is known to hold. */
    static final int MAX_NAMESPACES = 100_000;

    private final Counts byNamespace = new Counts(MAX_NAMESPACES);
    private long total;

    @Override
    public void read(JsonParser item) throws IOException {
        @Nullable String[] namespace = new String[1];
        Json.eachField(item, (field, parser) -> {
            if (field.equals("metadata")) {
                Json.eachField(parser, (name, value) -> {
                    if (name.equals("namespace")) {
                        namespace[0] = Json.text(value);
                    }
                });
            }
        });
        if (namespace[0] == null) {
            throw new MalformedBodyException("a pod has no namespace");
        }
        add(namespace[0], 1);
    }

    @Override
    public void add(PodTally page) {
        total += page.total;
        byNamespace.add(page.byNamespace);
    }

    /** Takes the pods of one namespace at once. */
    void add(String namespace, long count) {
        total += count;
        byNamespace.add(namespace, count);
    }

    long total() {
        return total;
    }

    /** @param key makes of a namespace's name what may be shown of it */
    static Map<String, @Nullable Object> data(Listing<PodTally> pods, UnaryOperator<String> key) {
        PodTally tally = pods.tally();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("total", pods.total());
        data.put("byNamespace", tally == null ? null : tally.byNamespace.named(key));
        return data;
    }
}
