package org.collectionscheduler.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which engine may use a database, by an advisory lock on a connection of its own: the server gives it up when that
 * connection ends, however the process did. Used by one thread at a time.
 */
public final class AdvisoryLock implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AdvisoryLock.class);

    /** Of this service among all that use the database: "collsche" in ASCII. */
    private static final long KEY = 0x636f6c6c73636865L;

    /** With whom it is held. */
    public enum Mode {
        /** With nobody else. */
        ALONE("pg_try_advisory_lock"),
        /** With others that share it. */
        SHARED("pg_try_advisory_lock_shared");

        private final String function;

        Mode(String function) {
            this.function = function;
        }
    }

    private final DatabaseServer server;
    private final Mode mode;
    private @Nullable Connection connection;

    /** Not taken yet: {@link #keep} takes it. */
    public AdvisoryLock(DatabaseServer server, Mode mode) {
        this.server = server;
        this.mode = mode;
    }

    /**
     * Takes it, or takes it again when it was lost.
     *
     * @return empty while it is held; otherwise why it is not
     */
    public Optional<String> keep() {
        try {
            if (connection != null && isAlive(connection)) {
                return Optional.empty();
            }
            close();
            return take();
        } catch (SQLException e) {
            close();
            return Optional.of("the database does not answer (" + Unavailability.reason(e) + ")");
        }
    }

    private Optional<String> take() throws SQLException {
        Connection fresh = server.connect();
        boolean taken = false;
        try (PreparedStatement statement = fresh.prepareStatement("SELECT " + mode.function + "(" + KEY + ")");
                ResultSet result = statement.executeQuery()) {
            taken = result.next() && result.getBoolean(1);
        } finally {
            if (!taken) {
                fresh.close();
            }
        }
        if (taken) {
            connection = fresh;
            return Optional.empty();
        }
        return Optional.of(
                mode == Mode.ALONE
                        ? "another instance uses the database"
                        : "an instance with scheduler.engine=local uses the database");
    }

    /** Asks the server, by which an answer has a bound. */
    private static boolean isAlive(Connection held) throws SQLException {
        try (PreparedStatement statement = held.prepareStatement("SELECT 1");
                ResultSet result = statement.executeQuery()) {
            return result.next();
        }
    }

    /** Whether it has been held ever since it was taken; nothing is taken again. */
    boolean isHeld() {
        try {
            return connection != null && isAlive(connection);
        } catch (SQLException e) {
            log.atDebug().setCause(e).log("the lock is lost");
            return false;
        }
    }

    /** Gives it up. */
    @Override
    public void close() {
        Connection held = connection;
        connection = null;
        if (held != null) {
            try {
                held.close();
            } catch (SQLException e) {
                log.atDebug().setCause(e).log("the connection of the lock could not be closed");
            }
        }
    }
}
