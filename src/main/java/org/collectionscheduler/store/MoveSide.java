package org.collectionscheduler.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.LongConsumer;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the two stores of a move, which nobody else uses until this is closed, in this build's shape. Used by one
 * thread. What fails in its database is told as a {@link StartRefusedException} that names it.
 */
final class MoveSide implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MoveSide.class);

    /** A transaction of a destination ends with whichever of both it has reached. */
    private static final int MOST_ROWS = 500;

    private static final long MOST_BYTES = 8L << 20;

    /** What a server sends ahead. */
    private static final long MOST_BYTES_AHEAD = 16L << 20;

    private final StorePlace place;
    private final StorePlace.Hold hold;
    private final Connection connection;

    private MoveSide(StorePlace place, StorePlace.Hold hold, Connection connection) {
        this.place = place;
        this.hold = hold;
        this.connection = connection;
    }

    /** Work on a connection. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Work without a result. */
    interface Change {
        void on(Connection connection) throws SQLException;
    }

    /** Takes a row. */
    interface RowConsumer {
        void accept(Row row) throws SQLException;
    }

    /**
     * The store that is there.
     *
     * @throws StartRefusedException when there is none, a service uses it, or a newer build has written it
     */
    static MoveSide source(StorePlace place) {
        if (!place.exists()) {
            throw nothing(place);
        }
        return opened(place, place.hold(), connection -> {
            if (!Tables.exists(connection, Tables.DEPLOYMENT)) {
                throw nothing(place);
            }
            UnfinishedMove.refuse(connection, place.location());
        });
    }

    /**
     * A store or none.
     *
     * @throws StartRefusedException when a service uses it, or it cannot be brought to this build's shape
     */
    static MoveSide destination(StorePlace place) {
        return opened(place, place.hold(), connection -> {
            if (place.dialect() == Dialect.POSTGRESQL && !encoding(connection).equals("UTF8")) {
                throw new StartRefusedException(
                        new Problem(
                                place.location().key(),
                                place.location().value(),
                                "names a database of the encoding " + encoding(connection),
                                "Make one whose encoding is UTF8"),
                        null);
            }
        });
    }

    private static MoveSide opened(StorePlace place, StorePlace.Hold hold, Change check) {
        Connection connection = null;
        try {
            connection = place.database().getConnection();
            check.on(connection);
            Migrations.apply(place.database(), place.location());
            connection.setAutoCommit(false);
            return new MoveSide(place, hold, connection);
        } catch (SQLException e) {
            close(connection, hold);
            throw failed(place, e);
        } catch (RuntimeException e) {
            close(connection, hold);
            throw e;
        }
    }

    /** The tables that are there, not all of them a store's. */
    SortedSet<String> tables() {
        return inTransaction(Tables::names);
    }

    Table describe(String table) {
        return inTransaction(on -> Tables.describe(on, table));
    }

    /** The seed of the deployment that it belongs to; empty when it belongs to none yet. */
    Optional<String> seed() {
        return inTransaction(on -> {
            try (Statement statement = on.createStatement();
                    ResultSet row = statement.executeQuery("SELECT seed FROM " + Tables.DEPLOYMENT)) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.<String>empty();
            }
        });
    }

    TableSum sum(Table table) {
        TableSum.Builder sum = new TableSum.Builder();
        read(table, null, sum::add);
        return sum.sum();
    }

    /** The last key by the order in which rows are read; empty when there is no row. */
    Optional<Row> lastKey(Table table) {
        return inTransaction(on -> {
            try (Statement statement = on.createStatement();
                    ResultSet last = statement.executeQuery(place.dialect().selectLast(table))) {
                if (!last.next()) {
                    return Optional.empty();
                }
                List<@Nullable Object> values = new ArrayList<>();
                for (int i = 0; i < table.key().size(); i++) {
                    values.add(RowReader.value(table.key().get(i), last, i + 1));
                }
                return Optional.of(new Row(table.key(), values));
            }
        });
    }

    /**
     * Reads rows in the order of their keys, few at a time.
     *
     * @param behind only those with a later key; null means all
     * @throws DamagedRowException when a row cannot be carried
     */
    void read(Table table, @Nullable Row behind, RowConsumer rows) {
        change(on -> {
            int ahead = rowsAhead(table, on);
            try (PreparedStatement select = on.prepareStatement(place.dialect().select(table, behind != null))) {
                select.setFetchSize(ahead);
                if (behind != null) {
                    behind.bind(select);
                }
                RowReader reader = new RowReader(place.dialect(), table);
                try (ResultSet result = select.executeQuery()) {
                    while (result.next()) {
                        rows.accept(reader.read(result));
                    }
                }
            }
        });
    }

    /** Takes rows and writes them in transactions that are neither small nor large. */
    final class Writer implements RowConsumer {

        private final Table table;
        private final LongConsumer written;
        private final List<Row> waiting = new ArrayList<>();
        private long bytes;
        private long rows;

        /** @param written told how many rows have been written so far, whenever some have */
        Writer(Table table, LongConsumer written) {
            this.table = table;
            this.written = written;
        }

        @Override
        public void accept(Row row) {
            waiting.add(row);
            bytes += row.bytes();
            if (waiting.size() >= MOST_ROWS || bytes >= MOST_BYTES) {
                flush();
            }
        }

        void flush() {
            if (!waiting.isEmpty()) {
                inTransaction(on -> insert(on, table, waiting));
                rows += waiting.size();
                written.accept(rows);
                waiting.clear();
                bytes = 0;
            }
        }
    }

    private int insert(Connection on, Table table, List<Row> rows) throws SQLException {
        try (PreparedStatement insert = on.prepareStatement(place.dialect().insert(table))) {
            for (Row row : rows) {
                row.bind(insert);
                insert.addBatch();
            }
            return insert.executeBatch().length;
        }
    }

    /** Whether nobody else could have come in. */
    boolean isHeld() {
        return hold.isHeld().getAsBoolean();
    }

    Migrations.Location location() {
        return place.location();
    }

    <T> T inTransaction(Work<T> work) {
        boolean done = false;
        try {
            T result = work.on(connection);
            connection.commit();
            done = true;
            return result;
        } catch (SQLException e) {
            throw failed(place, e);
        } finally {
            if (!done) {
                rollBack();
            }
        }
    }

    void change(Change change) {
        inTransaction(on -> {
            change.on(on);
            return true;
        });
    }

    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            log.atDebug().setCause(e).log("not rolled back");
        }
    }

    private int rowsAhead(Table table, Connection on) throws SQLException {
        if (place.dialect() == Dialect.SQLITE) {
            return 0;
        }
        try (Statement statement = on.createStatement();
                ResultSet largest = statement.executeQuery(place.dialect().selectLargest(table))) {
            long bytes = largest.next() ? Math.max(1, largest.getLong(1)) : 1;
            return (int) Math.max(1, Math.min(MOST_ROWS, MOST_BYTES_AHEAD / bytes));
        }
    }

    private static String encoding(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet encoding = statement.executeQuery("SHOW server_encoding")) {
            return encoding.next() ? encoding.getString(1) : "unknown";
        }
    }

    private static StartRefusedException nothing(StorePlace place) {
        return new StartRefusedException(
                new Problem(
                        place.location().key(),
                        place.location().value(),
                        "holds no store, so there is nothing to be moved",
                        "Name the place of the store that is to be moved"),
                null);
    }

    private static StartRefusedException failed(StorePlace place, SQLException e) {
        return new StartRefusedException(
                new Problem(
                        place.location().key(),
                        place.location().value(),
                        "could not be read or written (" + Unavailability.reason(e) + ")",
                        "See to it, then start the command again: it goes on where it was"),
                e);
    }

    private static void close(@Nullable Connection connection, StorePlace.Hold hold) {
        try (hold) {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a connection could not be closed", e);
        }
    }

    @Override
    public void close() {
        close(connection, hold);
    }
}
