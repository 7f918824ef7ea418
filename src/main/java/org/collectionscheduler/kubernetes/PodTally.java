package org.collectionscheduler.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Counts pods by namespace. */
final class PodTally implements MetadataTally<PodTally> {

    /** Ten times the namespaces that a cluster is known to hold. */
    static final int MAX_NAMESPACES = 100_000;

    private final Counts byNamespace = new Counts(MAX_NAMESPACES);
    private long total;

    @Override
    public void object(@Nullable String namespace) throws MalformedBodyException {
        if (namespace == null || namespace.length() > NamespaceTally.MAX_NAME_LENGTH) {
            throw new MalformedBodyException("a pod has no namespace, or one whose name is longer than names are");
        }
        add(namespace, 1);
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
