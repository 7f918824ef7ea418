package org.collectionscheduler.dispatch.cluster;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.collectionscheduler.store.DatabaseServer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tells the other instances at once what they would find out by themselves a little later: by PostgreSQL's NOTIFY, over a
 * connection that listens, and that finds out when the server was started anew. Nothing else depends on it.
 */
final class Notifications {

    private static final Logger log = LoggerFactory.getLogger(Notifications.class);

    private static final String CHANNEL = "collection_scheduler";
    private static final String INSTANCES = "instances";
    private static final Duration LISTEN = Duration.ofSeconds(2);
    private static final Duration RECONNECT = Duration.ofSeconds(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

    private final DatabaseServer server;
    private final JdbcClient jdbc;
    private volatile CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread listener;

    /** @param database to notify by */
    Notifications(DatabaseServer server, DataSource database) {
        this.server = server;
        this.jdbc = JdbcClient.create(database);
    }

    /**
     * Listens from now on.
     *
     * @param due is told when something is due
     * @param instances is told when something about instances has changed
     * @param crashed is told when the server has been started anew, and may have lost what was not on disk
     */
    synchronized void start(Consumer<Instant> due, Runnable instances, Runnable crashed) {
        CountDownLatch end = new CountDownLatch(1);
        stopped = end;
        Thread thread = new Thread(() -> listenUntil(end, new Listener(due, instances, crashed)), "notifications");
        thread.setDaemon(true);
        thread.start();
        listener = thread;
    }

    synchronized void stop() throws InterruptedException {
        stopped.countDown();
        if (listener != null) {
            listener.join(STOP_PATIENCE.toMillis());
            listener = null;
        }
    }

    /** Something is due then. */
    void tellDue(Instant at) {
        tell(String.valueOf(at.toEpochMilli()));
    }

    /** Something about instances has changed. */
    void tellInstances() {
        tell(INSTANCES);
    }

    private void tell(String what) {
        try {
            jdbc.sql("SELECT pg_notify(:channel, :what)")
                    .param("channel", CHANNEL)
                    .param("what", what)
                    .query((row, number) -> 0)
                    .list();
        } catch (DataAccessException e) {
            log.atDebug().setCause(e).log("not notified; the others find out by themselves");
        }
    }

    private record Listener(Consumer<Instant> due, Runnable instances, Runnable crashed) {}

    private void listenUntil(CountDownLatch end, Listener told) {
        String known = null;
        while (end.getCount() > 0) {
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
                String started = started(statement);
                if (known != null && !known.equals(started)) {
                    told.crashed().run();
                }
                known = started;
                PGConnection listening = connection.unwrap(PGConnection.class);
                while (end.getCount() > 0) {
                    hear(listening, told);
                }
            } catch (SQLException e) {
                log.atDebug().setCause(e).log("nothing is heard until the database is there again");
                awaitReconnect(end);
            }
        }
    }

    private static String started(Statement statement) throws SQLException {
        // When one of its processes crashes, all but the first begin anew, and what they have counted is gone.
        try (ResultSet result = statement.executeQuery(
                "SELECT CONCAT(pg_postmaster_start_time(), ' ', stats_reset) FROM pg_stat_bgwriter")) {
            return result.next() ? result.getString(1) : "";
        } catch (SQLException e) {
            // Somebody has taken that right away.
            log.atDebug().setCause(e).log("not known when the server was started");
            return "";
        }
    }

    private static void hear(PGConnection listening, Listener told) throws SQLException {
        PGNotification[] heard = listening.getNotifications((int) LISTEN.toMillis());
        if (heard == null) {
            return;
        }
        for (PGNotification notification : heard) {
            try {
                if (notification.getParameter().equals(INSTANCES)) {
                    told.instances().run();
                } else {
                    told.due().accept(Instant.ofEpochMilli(Long.parseLong(notification.getParameter())));
                }
            } catch (RuntimeException e) {
                log.atWarn()
                        .addKeyValue("notification", notification.getParameter())
                        .setCause(e)
                        .log("a notification led to nothing");
            }
        }
    }

    private static void awaitReconnect(CountDownLatch end) {
        try {
            boolean unused = end.await(RECONNECT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but the end of the process.
            end.countDown();
            Thread.currentThread().interrupt();
        }
    }
}
