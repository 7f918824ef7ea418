package org.collectionscheduler.dispatch.cluster;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.collectionscheduler.run.DeploymentLimits;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.store.DatabaseServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the runs of collectors that the deployment has a limit for, each by a numbered advisory lock on a connection of
 * this process: whatever ends the process, or cuts it off, gives its numbers to others. The connection has the name of the
 * instance, by which the others end it when that counts as ended.
 */
final class SharedPermits implements DeploymentLimits, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SharedPermits.class);

    /** The server cuts longer ones short. */
    private static final int LONGEST_NAME = 63;

    private static final String NAME_PREFIX = "permits of ";

    private final DatabaseServer server;
    private final Instance me;

    /** By collector; those of connections that were lost among them, for their runs go on. */
    private final Map<String, Set<Permit>> held = new HashMap<>();

    private @Nullable Connection connection;

    /** As whose the connection is known. */
    private @Nullable String named;

    private boolean closed;

    /** @param on that connection, and given up with it */
    private record Permit(String collector, int number, Connection on) {}

    SharedPermits(DatabaseServer server, Instance me) {
        this.server = server;
        this.me = me;
    }

    /** Name of that instance's connection: as much of its id as there is room for, up to its end, which tells it from others. */
    static String session(String instance) {
        int room = LONGEST_NAME - NAME_PREFIX.length();
        return NAME_PREFIX + instance.substring(Math.max(0, instance.length() - room));
    }

    @Override
    public synchronized Optional<Counted> tryAcquire(String collector, int most) {
        if (closed) {
            return Optional.empty();
        }
        Set<Permit> mine = held.computeIfAbsent(collector, name -> new HashSet<>());
        try {
            Connection current = connected();
            for (int number = 0; number < most && mine.size() < most; number++) {
                Permit permit = new Permit(collector, number, current);
                // Within one connection such a lock could be taken twice.
                if (!mine.contains(permit) && call("pg_try_advisory_lock", permit)) {
                    mine.add(permit);
                    return Optional.of(() -> release(permit));
                }
            }
        } catch (SQLException e) {
            log.atDebug().addKeyValue("collector", collector).setCause(e).log("the database does not tell");
            disconnect();
        }
        return Optional.empty();
    }

    private synchronized void release(Permit permit) {
        held.getOrDefault(permit.collector(), Set.of()).remove(permit);
        if (permit.on() != connection) {
            // It was given up with its connection. On this one its number may be that of another run.
            return;
        }
        try {
            boolean unused = call("pg_advisory_unlock", permit);
        } catch (SQLException e) {
            log.atDebug()
                    .addKeyValue("collector", permit.collector())
                    .setCause(e)
                    .log("given up with the connection");
            disconnect();
        }
    }

    private static boolean call(String function, Permit permit) throws SQLException {
        try (PreparedStatement statement = permit.on().prepareStatement("SELECT " + function + "(?, ?)")) {
            statement.setInt(1, permit.collector().hashCode());
            statement.setInt(2, permit.number());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private Connection connected() throws SQLException {
        Connection current = connection;
        if (current == null) {
            current = server.connect();
            connection = current;
            named = null;
        }
        String id = me.id();
        if (!id.equals(named)) {
            name(current, session(id));
            named = id;
        }
        return current;
    }

    private static void name(Connection connection, String session) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT set_config('application_name', ?, FALSE)")) {
            statement.setString(1, session);
            statement.executeQuery().close();
        }
    }

    /** Whatever was counted on the connection is another's. */
    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                log.atDebug().setCause(e).log("the connection of the permits could not be closed");
            }
        }
    }

    /** Counts nothing more. */
    @Override
    public synchronized void close() {
        closed = true;
        disconnect();
    }
}
