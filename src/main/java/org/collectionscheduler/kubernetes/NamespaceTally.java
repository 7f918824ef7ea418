package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/**
 * Counts namespaces by phase, and keeps their names to count what is in them; where there are more than 100,000, only
 * their number.
 */
final class NamespaceTally implements TableTally<NamespaceTally> {

    /** The longest that the API server takes: a DNS label. */
    static final int MAX_NAME_LENGTH = 63;

    private final List<String> names = new ArrayList<>();
    private long count;
    private long terminating;

    @Override
    public void read(JsonParser item) throws IOException {
        @Nullable String[] nameAndPhase = new String[2];
        Json.eachField(item, (field, parser) -> {
            if (field.equals("metadata")) {
                takeText(parser, "name", nameAndPhase, 0);
            } else if (field.equals("status")) {
                takeText(parser, "phase", nameAndPhase, 1);
            }
        });
        add(nameAndPhase[0], nameAndPhase[1]);
    }

    @Override
    public List<String> columns() {
        return List.of("Name", "Status");
    }

    @Override
    public void row(List<@Nullable String> cells) throws MalformedBodyException {
        add(cells.get(0), cells.get(1));
    }

    @Override
    public void add(NamespaceTally page) {
        count += page.count;
        terminating += page.terminating;
        if (count <= PodTally.MAX_NAMESPACES) {
            names.addAll(page.names);
        } else {
            names.clear();
        }
    }

    /** Empty when there are too many. */
    List<String> names() {
        return names;
    }

    /** @param key makes of a name what may be shown of it */
    static Map<String, @Nullable Object> data(Listing<NamespaceTally> namespaces, UnaryOperator<String> key) {
        NamespaceTally tally = namespaces.tally();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("count", namespaces.total());
        data.put("active", tally == null ? null : tally.count - tally.terminating);
        data.put("terminating", tally == null ? null : tally.terminating);
        data.put("list", tally == null ? null : tally.keys(key));
        return data;
    }

    private @Nullable List<String> keys(UnaryOperator<String> key) {
        return names.size() < count ? null : names.stream().map(key).sorted().toList();
    }

    private void add(@Nullable String name, @Nullable String phase) throws MalformedBodyException {
        if (name == null || name.length() > MAX_NAME_LENGTH) {
            throw new MalformedBodyException("a namespace has no name, or one that is longer than names are");
        }
        count++;
        terminating += "Terminating".equals(phase) ? 1 : 0;
        names.add(name);
    }

    private static void takeText(JsonParser parser, String field, @Nullable String[] target, int index)
            throws IOException {
        Json.eachField(parser, (name, value) -> {
            if (name.equals(field)) {
                target[index] = Json.text(value);
            }
        });
    }
}
