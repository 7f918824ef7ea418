package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Counts namespaces by phase. Their keys, not their names, are all that is kept of each. */
final class NamespaceTally implements Tally<NamespaceTally> {

    private final UnaryOperator<String> key;
    private final List<String> keys = new ArrayList<>();
    private long count;
    private long terminating;

    /** @param key makes of a name what may be shown of it */
    NamespaceTally(UnaryOperator<String> key) {
        this.key = key;
    }

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
        if (nameAndPhase[0] == null) {
            throw new MalformedBodyException("a namespace has no name");
        }
        count++;
        terminating += "Terminating".equals(nameAndPhase[1]) ? 1 : 0;
        keys.add(key.apply(nameAndPhase[0]));
    }

    @Override
    public void add(NamespaceTally page) {
        count += page.count;
        terminating += page.terminating;
        keys.addAll(page.keys);
    }

    Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("count", count);
        data.put("active", count - terminating);
        data.put("terminating", terminating);
        data.put("list", keys.stream().sorted().toList());
        return data;
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
