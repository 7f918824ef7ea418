package org.collectionscheduler.store;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a database says of its own tables. */
final class Tables {

    /** How the migrations are recorded. */
    static final String HISTORY = "flyway_schema_history";

    /** Who a store belongs to. */
    static final String DEPLOYMENT = "deployment";

    private Tables() {}

    /** All but the database's own. */
    static SortedSet<String> names(Connection connection) throws SQLException {
        SortedSet<String> names = new TreeSet<>();
        try (ResultSet tables =
                connection.getMetaData().getTables(null, connection.getSchema(), "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME"));
            }
        }
        names.removeIf(name -> name.startsWith("sqlite_"));
        return names;
    }

    static boolean exists(Connection connection, String table) throws SQLException {
        return names(connection).contains(table);
    }

    static Table describe(Connection connection, String table) throws SQLException {
        List<String> key = key(connection, table);
        List<Table.Column> columns = new ArrayList<>();
        List<Table.Column> others = new ArrayList<>();
        try (ResultSet described = columns(connection, table)) {
            while (described.next()) {
                String name = described.getString("COLUMN_NAME");
                boolean ofKey = key.contains(name);
                boolean nullable = !ofKey && described.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls;
                (ofKey ? columns : others).add(new Table.Column(name, type(described, table + "." + name), nullable));
            }
        }
        columns.sort(Comparator.comparingInt(column -> key.indexOf(column.name())));
        return new Table(table, columns, others);
    }

    /** How many rows each of them has. */
    static SortedMap<String, Long> rows(Connection connection, SortedSet<String> tables) throws SQLException {
        SortedMap<String, Long> rows = new TreeMap<>();
        for (String table : tables) {
            try (Statement statement = connection.createStatement();
                    ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
                rows.put(table, count.next() ? count.getLong(1) : 0);
            }
        }
        return rows;
    }

    private static ResultSet columns(Connection connection, String table) throws SQLException {
        return connection.getMetaData().getColumns(null, connection.getSchema(), escaped(connection, table), "%");
    }

    private static List<String> key(Connection connection, String table) throws SQLException {
        SortedMap<Integer, String> key = new TreeMap<>();
        try (ResultSet columns = connection.getMetaData().getPrimaryKeys(null, connection.getSchema(), table)) {
            while (columns.next()) {
                key.put(columns.getInt("KEY_SEQ"), columns.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(key.values());
    }

    /** By its name, for SQLite's driver takes all whole numbers for the same; each database has names of its own. */
    private static Table.Type type(ResultSet described, String column) throws SQLException {
        String type = described.getString("TYPE_NAME");
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "TEXT" -> Table.Type.TEXT;
            case "INTEGER", "INT4" -> Table.Type.INTEGER;
            case "BIGINT", "INT8" -> Table.Type.BIGINT;
            default ->
                throw new IllegalStateException(
                        "column '" + column + "' is of the type " + type + ", which cannot be carried");
        };
    }

    private static String escaped(Connection connection, String name) throws SQLException {
        return name.replace("_", connection.getMetaData().getSearchStringEscape() + "_");
    }
}
