package org.collectionscheduler.store;

import java.util.List;
import java.util.stream.Collectors;
import org.collectionscheduler.store.Table.Column;
import org.collectionscheduler.store.Table.Type;

/**
 * How rows are read and written so that both databases agree on them: text as its bytes in UTF-8, which are neither
 * decoded nor copied on their way, and keys in the order of those bytes.
 */
enum Dialect {
    SQLITE("", "CAST(? AS TEXT)"),
    POSTGRESQL(" COLLATE \"C\"", "convert_from(?, 'UTF8')");

    private final String byBytes;
    private final String textFromBytes;

    Dialect(String byBytes, String textFromBytes) {
        this.byBytes = byBytes;
        this.textFromBytes = textFromBytes;
    }

    /** All rows, or those behind a key that is given, in the order of the key. */
    String select(Table table, boolean behindKey) {
        String columns = this == SQLITE
                ? table.columns().stream()
                        .map(column -> column.name() + ", typeof(" + column.name() + ")")
                        .collect(Collectors.joining(", "))
                : table.columnNames();
        String condition = behindKey ? " WHERE (" + ordered(table, "") + ") > (" + parameters(table.key()) + ")" : "";
        return "SELECT " + columns + " FROM " + table.name() + condition + " ORDER BY " + ordered(table, "");
    }

    /** The row with the last key. */
    String selectLast(Table table) {
        return "SELECT " + table.keyNames() + " FROM " + table.name() + " ORDER BY " + ordered(table, " DESC")
                + " LIMIT 1";
    }

    /** The bytes of text in the largest row. */
    String selectLargest(Table table) {
        String bytes = table.columns().stream()
                .filter(column -> column.type() == Type.TEXT)
                .map(column -> "COALESCE(octet_length(" + column.name() + "), 0)")
                .collect(Collectors.joining(" + ", "0 + ", ""));
        return "SELECT COALESCE(MAX(" + bytes + "), 0) FROM " + table.name();
    }

    /** Leaves a row alone whose key is there. */
    String insert(Table table) {
        return "INSERT INTO " + table.name() + " (" + table.columnNames() + ") VALUES (" + parameters(table.columns())
                + ") ON CONFLICT (" + table.keyNames() + ") DO NOTHING";
    }

    private String ordered(Table table, String direction) {
        return table.key().stream()
                .map(column -> column.name() + (column.type() == Type.TEXT ? byBytes : "") + direction)
                .collect(Collectors.joining(", "));
    }

    private String parameters(List<Column> columns) {
        return columns.stream()
                .map(column -> column.type() == Type.TEXT ? textFromBytes : "?")
                .collect(Collectors.joining(", "));
    }
}
