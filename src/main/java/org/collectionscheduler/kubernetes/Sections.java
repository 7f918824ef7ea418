package org.collectionscheduler.kubernetes;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one attempt: a part that cannot be had leaves the others alone, unless the server fails so often in a row
 * that it is better left in peace.
 */
final class Sections {

    private static final int MOST_FAILURES_IN_A_ROW = 3;

    private final Map<String, Section> sections = new LinkedHashMap<>();
    private final Map<String, Section> aside = new LinkedHashMap<>();
    private int failuresInARow;

    /** One part of the data being read. */
    @FunctionalInterface
    interface Part<T> {
        T read() throws ApiException;
    }

    /**
     * Reads one part and remembers how that went.
     *
     * @return null when the part is missing
     * @throws CollectionFailedException when the failure would be that of every other part too
     */
    <T> @Nullable T read(String name, Part<T> part, Function<T, Section> section) throws CollectionFailedException {
        if (failuresInARow >= MOST_FAILURES_IN_A_ROW) {
            sections.put(
                    name,
                    Section.unavailable("not asked for, because the API server had failed " + failuresInARow
                            + " times in a row; look at its load and its log"));
            return null;
        }
        try {
            T value = part.read();
            sections.put(name, section.apply(value));
            failuresInARow = 0;
            return value;
        } catch (ApiException e) {
            if (e.kind().endsAttempt()) {
                throw e.toFailure();
            }
            sections.put(name, e.toSection());
            failuresInARow = e.kind().saysServerIsSick() ? failuresInARow + 1 : 0;
            return null;
        }
    }

    /** Something that is reported, but without which, or with which alone, the data is worth as much. */
    void putAside(String name, Section section) {
        aside.put(name, section);
    }

    /** @throws CollectionFailedException when not one part was had, with the reasons of all of them */
    Map<String, Section> requireSome() throws CollectionFailedException {
        Set<String> reasons = new LinkedHashSet<>();
        boolean forbidden = true;
        for (Section section : sections.values()) {
            if (section.status() == Section.Status.OK || section.status() == Section.Status.PARTIAL) {
                Map<String, Section> all = new LinkedHashMap<>(sections);
                all.putAll(aside);
                return all;
            }
            forbidden &= section.status() == Section.Status.FORBIDDEN;
            reasons.add(String.valueOf(section.reason()));
        }
        String message = "nothing could be collected: " + String.join("; ", reasons);
        throw forbidden
                ? CollectionFailedException.lasting(message, null)
                : CollectionFailedException.passing(message, null);
    }
}
