package org.collectionscheduler.run;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells data of which every value is the JDK's own: none can write itself into a document as it likes. */
final class PlainData {

    private PlainData() {}

    /** @param value no deeper than what could be written as JSON before */
    static boolean isPlain(@Nullable Object value) {
        if (value == null || value instanceof Instant) {
            return true;
        }
        String type = value.getClass().getName();
        if (type.startsWith("java.util.")) {
            return value instanceof Map<?, ?> map && isPlain(map.keySet()) && isPlain(map.values())
                    || value instanceof Collection<?> values && values.stream().allMatch(PlainData::isPlain);
        }
        return type.startsWith("java.lang.") || type.startsWith("java.math.");
    }
}
