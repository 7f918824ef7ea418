package org.collectionscheduler.kubernetes;

import java.util.List;

/**
 * A column of a table.
 *
 * @param format empty for none
 * @param priority 0 for what is always shown, more for what only a wide table shows
 */
record FakeColumn(String name, String type, String format, int priority, FakeTemplate cell) {

    /** @param lines {@code name|type|format|priority|cell}, where the cell may have slots */
    static List<FakeColumn> parse(String lines) {
        return lines.lines().map(FakeColumn::parseLine).toList();
    }

    private static FakeColumn parseLine(String line) {
        String[] parts = line.split("\\|", 5);
        String cell = quoted(parts[1]) ? "\"" + parts[4] + "\"" : parts[4];
        return new FakeColumn(parts[0], parts[1], parts[2], Integer.parseInt(parts[3]), FakeTemplate.parse(cell));
    }

    /** As the server describes it at the head of a table. */
    String definition() {
        String description = name.equals("Name")
                ? "Name must be unique within a namespace. Is required when creating resources, although some resources"
                        + " may allow a client to request the generation of an appropriate name automatically."
                : "What " + name + " says is described in the API reference.";
        return "{\"name\":\"" + name + "\",\"type\":\"" + type + "\",\"format\":\"" + format + "\",\"description\":\""
                + description + "\",\"priority\":" + priority + "}";
    }

    private static boolean quoted(String type) {
        return type.equals("string") || type.equals("date");
    }
}
