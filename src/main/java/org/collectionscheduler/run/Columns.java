package org.collectionscheduler.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.collectionscheduler.store.Batch;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** How values are stored, instants as epoch milliseconds; a column that holds something else is told. */
final class Columns {

    private Columns() {}

    static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    static @Nullable String name(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name();
    }

    /**
     * Runs one statement for each of the rows, together. PostgreSQL's driver has a batch of one planned anew each time,
     * which a statement alone is not.
     *
     * @return how many rows of the table each has changed
     */
    static <T> int[] change(
            NamedParameterJdbcOperations batches,
            String sql,
            List<T> rows,
            Function<T, SqlParameterSource> parameters) {
        if (rows.size() == 1) {
            return new int[] {batches.update(sql, parameters.apply(rows.get(0)))};
        }
        return batches.batchUpdate(sql, rows.stream().map(parameters).toArray(SqlParameterSource[]::new));
    }

    /**
     * Inserts all of the rows by one statement, which takes them as {@code :rows}, leaves out those that may not be there,
     * and returns the ids of the others. Changes are not made like that: how a database looks for several rows at once
     * depends on what it believes to know of the table; for one row by its key it does not.
     *
     * @param values of a row, with the type of each that may be null
     * @return ids of those that were inserted
     */
    static <T> Set<String> insert(
            NamedParameterJdbcOperations batches, String sql, List<T> rows, Function<T, Object[]> values) {
        if (rows.isEmpty()) {
            return Set.of();
        }
        List<Object[]> given = rows.stream().map(values).toList();
        return new HashSet<>(batches.queryForList(sql, Map.of("rows", Batch.padded(given)), String.class));
    }

    /** A value among those of a row that may be null. */
    static SqlParameterValue text(@Nullable String value) {
        return new SqlParameterValue(Types.VARCHAR, value);
    }

    /** A value among those of a row that may be null. */
    static SqlParameterValue number(@Nullable Long value) {
        return new SqlParameterValue(Types.BIGINT, value);
    }

    /** In an order that all batches have in common, so that two of them cannot wait for each other's rows. */
    static <T> List<T> sorted(List<T> rows, Function<T, String> collection) {
        return rows.stream().sorted(Comparator.comparing(collection)).toList();
    }

    /** Those of which {@link #change} has changed a row. */
    static <T> List<T> changed(List<T> rows, int[] counts) {
        return IntStream.range(0, counts.length)
                .filter(i -> counts[i] == 1)
                .mapToObj(rows::get)
                .toList();
    }

    /** Says of a row that cannot be read which one it is. */
    static <T> RowMapper<T> rows(String table, String key, RowMapper<T> mapper) {
        return (row, number) -> {
            try {
                return mapper.mapRow(row, number);
            } catch (IllegalArgumentException | NullPointerException e) {
                throw new UnreadableRowException(table, row.getString(key), e);
            }
        };
    }

    /**
     * Where the row stands in a list by {@code column}. What is no instant has a place all the same: some databases keep
     * a text in any column, and order it behind every number.
     */
    static RowPosition position(ResultSet row, String column) throws SQLException {
        Object value = row.getObject(column);
        long millis = value instanceof Number number ? number.longValue() : Long.MAX_VALUE;
        return new RowPosition(Instant.ofEpochMilli(millis), row.getString("id"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(present(nullableLong(row, column), column));
    }

    static long number(ResultSet row, String column) throws SQLException {
        return present(nullableLong(row, column), column);
    }

    static String text(ResultSet row, String column) throws SQLException {
        return present(row.getString(column), column);
    }

    static <E extends Enum<E>> E constant(Class<E> type, ResultSet row, String column) throws SQLException {
        return present(nullableEnum(type, row, column), column);
    }

    private static <T> T present(@Nullable T value, String column) {
        if (value == null) {
            throw new IllegalArgumentException("column '" + column + "' is empty");
        }
        return value;
    }

    static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        Long millis = nullableLong(row, column);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    static @Nullable Long nullableLong(ResultSet row, String column) throws SQLException {
        Object value = row.getObject(column);
        if (value == null || value instanceof Long || value instanceof Integer) {
            return value == null ? null : ((Number) value).longValue();
        }
        // Some databases would make a zero of it.
        throw new IllegalArgumentException("column '" + column + "' holds '" + value + "', which is no whole number");
    }

    static <E extends Enum<E>> @Nullable E nullableEnum(Class<E> type, ResultSet row, String column)
            throws SQLException {
        String name = row.getString(column);
        try {
            return name == null ? null : Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "column '" + column + "' holds '" + name + "', which is none of "
                            + List.of(type.getEnumConstants()),
                    e);
        }
    }
}
