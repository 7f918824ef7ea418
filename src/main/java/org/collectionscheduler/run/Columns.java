package org.collectionscheduler.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.collectionscheduler.store.Batch;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;

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
     * Inserts all of the rows by one statement, which takes them as {@code :rows}, leaves out those that may not be there,
     * and returns the keys of the others.
     *
     * @param values of a row, with the type of each that may be null
     * @return keys of those that were inserted
     */
    static <T> Set<String> insert(
            NamedParameterJdbcOperations batches, String sql, List<T> rows, Function<T, Object[]> values) {
        return rows.isEmpty()
                ? Set.of()
                : keys(batches, sql, rows.stream().map(values).toList());
    }

    private static Set<String> keys(NamedParameterJdbcOperations batches, String sql, List<Object[]> given) {
        return new HashSet<>(batches.queryForList(sql, Map.of("rows", Batch.padded(given)), String.class));
    }

    /**
     * Changes rows by one statement, which takes what is to become of each as {@code :rows}, and returns the keys of
     * those that it has changed. What is given for the same row is made one after the other.
     *
     * @param key by which the statement finds the row
     * @param values as for {@link #insert}
     * @return those that have changed a row
     */
    static <T> List<T> change(
            NamedParameterJdbcOperations batches,
            String sql,
            List<T> rows,
            Function<T, String> key,
            Function<T, Object[]> values) {
        List<T> changed = new ArrayList<>();
        for (List<T> round : rounds(rows, key)) {
            Set<String> keys = keys(batches, sql, round.stream().map(values).toList());
            round.stream().filter(row -> keys.contains(key.apply(row))).forEach(changed::add);
        }
        return changed;
    }

    /** The first of each key in their order, then the second of those that have one, and so on. */
    static <T> List<List<T>> rounds(List<T> rows, Function<T, String> key) {
        List<List<T>> rounds = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (T row : rows) {
            int round = seen.merge(key.apply(row), 1, Integer::sum) - 1;
            if (round == rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(row);
        }
        return rounds;
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
