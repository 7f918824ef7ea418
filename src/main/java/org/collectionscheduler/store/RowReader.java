package org.collectionscheduler.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.collectionscheduler.store.Table.Column;
import org.collectionscheduler.store.Table.Type;
import org.jspecify.annotations.Nullable;

/** Reads what {@link Dialect#select} selects. SQLite keeps whatever it is given, so there each value is looked at. */
final class RowReader {

    private static final int LONGEST_SHOWN = 100;

    private final Dialect dialect;
    private final Table table;
    private final List<Column> columns;

    RowReader(Dialect dialect, Table table) {
        this.dialect = dialect;
        this.table = table;
        this.columns = table.columns();
    }

    /** @throws DamagedRowException when a value is not what its column is for */
    Row read(ResultSet result) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            if (dialect == Dialect.SQLITE) {
                String wrong = wrong(columns.get(i), result, 2 * i + 1);
                if (wrong != null) {
                    throw damaged(columns.get(i), wrong, result, result.getString(2 * i + 2));
                }
                values.add(value(columns.get(i), result, 2 * i + 1));
            } else {
                values.add(value(columns.get(i), result, i + 1));
            }
        }
        return new Row(columns, values);
    }

    static @Nullable Object value(Column column, ResultSet result, int index) throws SQLException {
        if (column.type() == Type.TEXT) {
            byte[] text = result.getBytes(index);
            // The driver gives null for text of no length.
            return text == null && result.getString(index) != null ? new byte[0] : text;
        }
        long number = result.getLong(index);
        return result.wasNull() ? null : number;
    }

    /** What is wrong with the value at {@code index}, whose kind stands behind it; null when nothing is. */
    private static @Nullable String wrong(Column column, ResultSet result, int index) throws SQLException {
        String kind = result.getString(index + 1);
        return switch (kind) {
            case "null" -> column.nullable() ? null : "nothing";
            case "text" -> column.type() == Type.TEXT ? wrongText(value(column, result, index)) : "text";
            case "integer" ->
                column.type() == Type.TEXT
                        ? "a number"
                        : column.type().holds(result.getLong(index)) ? null : "a number that is too large";
            default -> kind.equals("real") ? "a broken number" : "raw bytes";
        };
    }

    private static @Nullable String wrongText(@Nullable Object value) {
        if (!(value instanceof byte[] text)) {
            return "nothing";
        }
        for (byte octet : text) {
            if (octet == 0) {
                return "text with a zero byte";
            }
        }
        return isUtf8(text) ? null : "text that is not UTF-8";
    }

    /** Piece by piece, for it may be long. */
    private static boolean isUtf8(byte[] text) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(text);
        CharBuffer characters = CharBuffer.allocate(Math.min(8192, text.length + 1));
        CoderResult result;
        do {
            characters.clear();
            result = decoder.decode(bytes, characters, true);
        } while (result.isOverflow());
        return !result.isError();
    }

    private DamagedRowException damaged(Column column, String wrong, ResultSet result, String kind)
            throws SQLException {
        List<String> key = new ArrayList<>();
        for (int i = 0; i < table.key().size(); i++) {
            key.add(columns.get(i).name() + " = " + shown(result, 2 * i + 1));
        }
        String expected =
                (column.type() == Type.TEXT ? "text" : "a whole number") + (column.nullable() ? " or nothing" : "");
        return new DamagedRowException("table '" + table.name() + "', row " + String.join(", ", key) + ", column '"
                + column.name() + "': holds " + wrong + " where " + expected
                + " belongs. Correct or delete that row (sqlite3 finds it: SELECT rowid, * FROM " + table.name()
                + " WHERE typeof(" + column.name() + ") = '" + kind + "'), then start the command again");
    }

    /** A key, whatever it holds. */
    private static String shown(ResultSet result, int index) throws SQLException {
        String kind = result.getString(index + 1);
        if (kind.equals("null")) {
            return "NULL";
        }
        if (kind.equals("blob")) {
            byte[] bytes = result.getBytes(index);
            return "x'" + (bytes == null ? "" : HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 50))) + "'";
        }
        String text = String.valueOf(result.getString(index)).replaceAll("\\p{Cntrl}", "?");
        return "'" + (text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text) + "'";
    }
}
