package org.collectionscheduler.dispatch.cluster;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.collectionscheduler.run.DeploymentLimits;
import org.collectionscheduler.store.DatabaseServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the runs of collectors that the deployment has a limit for, each by a numbered advisory lock on a connection of
 * this process: whatever ends the process, or cuts it off, gives its numbers to others.
 */
final class SharedPermits implements DeploymentLimits, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SharedPermits.class);

    private final DatabaseServer server;
    private final Map<String, TreeSet<Integer>> held = new HashMap<>();
    private @Nullable Connection connection;

    SharedPermits(DatabaseServer server) {
        this.server = server;
    }

    @Override
    public synchronized boolean tryAcquire(String collector, int most) {
        TreeSet<Integer> mine = held.computeIfAbsent(collector, name -> new TreeSet<>());
        try {
            for (int number = 0; number < most && mine.size() < most; number++) {
                // Within one connection such a lock could be taken twice.
                if (!mine.contains(number) && call("pg_try_advisory_lock", collector, number)) {
                    mine.add(number);
                    return true;
                }
            }
        } catch (SQLException e) {
            log.atDebug().addKeyValue("collector", collector).setCause(e).log("the database does not tell");
            reconnect();
        }
        return false;
    }

    @Override
    public synchronized void release(String collector) {
        TreeSet<Integer> mine = held.getOrDefault(collector, new TreeSet<>());
        Integer number = mine.pollLast();
        if (number == null) {
            // It was given up with the connection.
            return;
        }
        try {
            boolean unused = call("pg_advisory_unlock", collector, number);
        } catch (SQLException e) {
            log.atDebug().addKeyValue("collector", collector).setCause(e).log("given up with the connection");
            reconnect();
        }
    }

    private boolean call(String function, String collector, int number) throws SQLException {
        Connection current = connection;
        if (current == null) {
            current = server.connect();
            connection = current;
        }
        try (PreparedStatement statement = current.prepareStatement("SELECT " + function + "(?, ?)")) {
            statement.setInt(1, collector.hashCode());
            statement.setInt(2, number);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** Whatever was held by the old connection is another's. */
    private void reconnect() {
        held.clear();
        close();
    }

    @Override
    public synchronized void close() {
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
}
