package org.collectionscheduler.cluster;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.collectionscheduler.scenario.Ports;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A PostgreSQL of a play's own, which can be stopped, killed, and started again with what it has stored. */
public final class PlayedDatabase implements AutoCloseable {

    private static final String NAME = "play";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path data;
    private final int port;
    private @Nullable EmbeddedPostgres server;

    public PlayedDatabase(Path directory) throws IOException {
        data = directory.resolve("postgresql");
        port = Ports.free();
        start();
        of("postgres").sql("CREATE DATABASE " + NAME).update();
    }

    /** Until it answers; one that was killed may still be about to end. */
    public synchronized void start() {
        if (server == null) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .ignoreExceptionsInstanceOf(IllegalStateException.class)
                    .until(() -> {
                        server = EmbeddedPostgres.builder()
                                .setDataDirectory(data)
                                .setCleanDataDirectory(false)
                                .setPort(port)
                                .setServerConfig("max_connections", "400")
                                .setServerConfig("fsync", "on")
                                .setServerConfig("synchronous_commit", "on")
                                .setServerConfig("full_page_writes", "on")
                                .start();
                        return true;
                    });
        }
    }

    /** By its own means, which wait for nobody. */
    synchronized void stop() throws IOException {
        EmbeddedPostgres running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }

    public synchronized void kill() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        // Gives up the files that it holds of the server.
        stop();
    }

    synchronized boolean isRunning() {
        return server != null;
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME + "?user=postgres";
    }

    /** Each statement on a connection of its own. */
    JdbcClient jdbc() {
        return of(NAME);
    }

    /** Lets nobody write of any run until it is closed; whoever wants to waits. */
    Connection holdWrites() throws SQLException {
        Connection holding = source(NAME).getConnection();
        try (Statement statement = holding.createStatement()) {
            holding.setAutoCommit(false);
            statement.execute("LOCK TABLE run IN EXCLUSIVE MODE");
            return holding;
        } catch (SQLException e) {
            holding.close();
            throw e;
        }
    }

    private JdbcClient of(String database) {
        return JdbcClient.create(source(database));
    }

    private PGSimpleDataSource source(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/" + database);
        source.setUser("postgres");
        source.setConnectTimeout(5);
        source.setSocketTimeout(60);
        return source;
    }

    public int cutConnections() {
        List<Boolean> cut = of("postgres")
                .sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
                .param("name", NAME)
                .query(Boolean.class)
                .list();
        return cut.size();
    }

    /** For connections that are made from now on, as all of them must be. */
    void setReadOnly(boolean readOnly) {
        of("postgres")
                .sql("ALTER DATABASE " + NAME + " SET default_transaction_read_only = " + (readOnly ? "on" : "off"))
                .update();
        int unused = cutConnections();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
