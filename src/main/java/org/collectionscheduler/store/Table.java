package org.collectionscheduler.store;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table as its database describes it.
 *
 * @param key the columns of its primary key, in the key's order
 * @param others the other columns
 */
record Table(String name, List<Column> key, List<Column> others) {

    /** What a column may hold. */
    enum Type {
        TEXT(0, 0),
        INTEGER(Integer.MIN_VALUE, Integer.MAX_VALUE),
        BIGINT(Long.MIN_VALUE, Long.MAX_VALUE);

        private final long least;
        private final long most;

        Type(long least, long most) {
            this.least = least;
            this.most = most;
        }

        boolean holds(long number) {
            return least <= number && number <= most;
        }
    }

    /** @param nullable false of columns of a key, whatever the database takes there */
    record Column(String name, Type type, boolean nullable) {}

    Table {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("table '" + name + "' has no primary key");
        }
        key = List.copyOf(key);
        others = List.copyOf(others);
    }

    /** All, those of the key first. */
    List<Column> columns() {
        return Stream.concat(key.stream(), others.stream()).toList();
    }

    String columnNames() {
        return columns().stream().map(Column::name).collect(Collectors.joining(", "));
    }

    String keyNames() {
        return key.stream().map(Column::name).collect(Collectors.joining(", "));
    }
}
