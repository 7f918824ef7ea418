package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Counts namespaces by phase, and keeps their names to count what is in them. */
final class NamespaceTally implements TableTally<NamespaceTally> {

    private final List<String> names = new ArrayList<>();
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
        terminating += page.terminating;
        names.addAll(page.names);
    }

    List<String> names() {
        return names;
    }

    /** @param key makes of a name what may be shown of it */
    static Map<String, @Nullable Object> data(Listing<NamespaceTally> namespaces, UnaryOperator<String> key) {
        NamespaceTally tally = namespaces.tally();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("count", namespaces.total());
        data.put("active", tally == null ? null : tally.names.size() - tally.terminating);
        data.put("terminating", tally == null ? null : tally.terminating);
        data.put(
                "list",
                tally == null ? null : tally.names.stream().map(key).sorted().toList());
        return data;
    }

    private void add(@Nullable String name, @Nullable String phase) throws MalformedBodyException {
        if (name == null) {
            throw new MalformedBodyException("a namespace has no name");
        }
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
