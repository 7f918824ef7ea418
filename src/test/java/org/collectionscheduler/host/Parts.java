package org.collectionscheduler.host;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.Section;

/** Parts of what was collected, which must be there. */
final class Parts {

    private Parts() {}

    static <T> T field(Collected collected, String name, Class<T> type) {
        return requireNonNull(type.cast(collected.data().get(name)), name);
    }

    static <T> List<T> list(Collected collected, String name, Class<T> type) {
        List<?> list = field(collected, name, List.class);
        return list.stream().<T>map(type::cast).toList();
    }

    static Section section(Collected collected, String name) {
        return requireNonNull(collected.sections().get(name), name);
    }

    static Object value(Finding finding) {
        return requireNonNull(finding.value(), "value");
    }
}
