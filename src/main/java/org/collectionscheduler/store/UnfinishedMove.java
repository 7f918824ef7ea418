package org.collectionscheduler.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;

/**
 * What says that a store is still being moved into a database: a table that is there as long. No service uses such a
 * database, and whoever goes on with the move sees from it whether the source is as it was.
 *
 * @param seed of the deployment that is moved
 * @param source what was read of all its tables when the move began
 */
record UnfinishedMove(String seed, String source) {

    static final String TABLE = "unfinished_move";

    static Optional<UnfinishedMove> find(Connection connection) throws SQLException {
        if (!Tables.exists(connection, TABLE)) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT seed, source FROM " + TABLE)) {
            return row.next()
                    ? Optional.of(new UnfinishedMove(row.getString("seed"), row.getString("source")))
                    : Optional.empty();
        }
    }

    /** @throws StartRefusedException when a move into the database has begun and not ended */
    static void refuse(Connection connection, Migrations.Location location) throws SQLException {
        if (Tables.exists(connection, TABLE)) {
            throw new StartRefusedException(
                    new Problem(
                            location.key(),
                            location.value(),
                            "holds a store that is still being moved there",
                            "Start that 'move' again, which goes on where it was, or give " + location.another()),
                    null);
        }
    }

    /** As {@link #refuse(Connection, Migrations.Location)}. */
    static void refuse(DataSource database, Migrations.Location location) {
        try (Connection connection = database.getConnection()) {
            refuse(connection, location);
        } catch (SQLException e) {
            throw new StartRefusedException(
                    new Problem(
                            location.key(),
                            location.value(),
                            "cannot be read (" + Unavailability.reason(e) + ")",
                            "Start the service again once it can be"),
                    e);
        }
    }

    /** Takes the place of an earlier one; part of the caller's transaction, as the others are. */
    void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + TABLE);
            statement.execute("CREATE TABLE " + TABLE + " (seed TEXT NOT NULL, source TEXT NOT NULL)");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + TABLE + " (seed, source) VALUES (?, ?)")) {
            insert.setString(1, seed);
            insert.setString(2, source);
            insert.executeUpdate();
        }
    }

    static void end(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE " + TABLE);
        }
    }
}
