package org.collectionscheduler.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.collectionscheduler.store.Table.Column;
import org.collectionscheduler.store.Table.Type;
import org.jspecify.annotations.Nullable;

/**
 * A row of some columns.
 *
 * @param columns of the table it is in, or of its key
 * @param values one for each: {@code byte[]} of text in UTF-8, {@code Long}, or null; not to be changed
 */
record Row(List<Column> columns, List<@Nullable Object> values) {

    /** Roughly how much memory it takes. */
    long bytes() {
        long bytes = 0;
        for (Object value : values) {
            bytes += value instanceof byte[] text ? text.length : Long.BYTES;
        }
        return bytes;
    }

    /** As the parameters of a statement that {@link Dialect} has written. */
    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            Object value = values.get(i);
            if (value instanceof byte[] text) {
                statement.setBytes(i + 1, text);
            } else if (value instanceof Long number) {
                statement.setLong(i + 1, number);
            } else {
                statement.setNull(i + 1, columns.get(i).type() == Type.TEXT ? Types.BINARY : Types.BIGINT);
            }
        }
    }
}
