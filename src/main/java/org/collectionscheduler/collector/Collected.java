package org.collectionscheduler.collector;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one attempt gathered.
 *
 * @param kind what was looked at, such as {@code kubernetes} or {@code host}
 * @param data the gathered facts, in the order to be written: strings, numbers, booleans, instants, lists, maps, records
 * @param rulesApplied names of the rules by which names and identifiers were made unreadable
 * @param sections the parts that were asked for, and how each went; empty when the data has no parts
 * @param cost what it took to gather them
 */
public record Collected(
        String kind, Map<String, ?> data, List<String> rulesApplied, Map<String, Section> sections, Cost cost) {

    public Collected {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        rulesApplied = List.copyOf(rulesApplied);
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
    }

    /** Data without parts, that needed no request. */
    public static Collected of(String kind, Map<String, ?> data) {
        return new Collected(kind, data, List.of(), Map.of(), Cost.NONE);
    }

    /** Nothing was brought back: there are sections, and not one of them has any data. */
    public boolean nothing() {
        return !sections.isEmpty() && sections.values().stream().allMatch(Section::missing);
    }

    /** Every section is whole. */
    public boolean full() {
        return sections.values().stream().allMatch(section -> section.status() == Section.Status.OK);
    }
}
