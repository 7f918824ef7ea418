package org.collectionscheduler.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * A database in a directory of its own that the service can close and open again, as a process does that ends and
 * starts, and whose medium can become read-only meanwhile. In memory where the machine has a place for that, for it is
 * written often.
 */
public final class ReopenedDatabase implements AutoCloseable {

    private static final Path MEMORY = Path.of("/dev/shm");

    private static byte @Nullable [] migrated;

    private final Path directory;
    private final Clock clock;
    private @Nullable Connection writer;
    private @Nullable Store store;

    public ReopenedDatabase(Clock clock) {
        this.clock = clock;
        try {
            directory = Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "collection-scheduler-")
                    : Files.createTempDirectory("collection-scheduler-");
            Files.write(directory.resolve(EmbeddedDatabase.FILE), migrated());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link EmbeddedDatabase} opens it; what was opened before is closed. */
    public Store open() {
        closeStore();
        DataSource database = new SqliteTransactions(TestStores.durable(directory));
        DataSource writes = new DelegatingDataSource(database) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                writer = connection;
                return connection;
            }
        };
        Store opened = new Store(TestStores.pool(writes, 1), TestStores.pool(database, 4), lock(directory), clock);
        store = opened;
        return opened;
    }

    public void refuseWrites() {
        execute("PRAGMA query_only = ON");
    }

    public void acceptWrites() {
        execute("PRAGMA query_only = OFF");
    }

    @Override
    public void close() {
        closeStore();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeStore() {
        if (store != null) {
            store.close();
            store = null;
        }
    }

    /** The one connection for writes, behind the pool's back. */
    private void execute(String sql) {
        try (Statement statement = Objects.requireNonNull(writer).createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** To make the tables takes longer than to copy them. */
    private static synchronized byte[] migrated() throws IOException {
        if (migrated == null) {
            Path template = Files.createTempDirectory("collection-scheduler-");
            TestStores.sqliteFile(template, Clock.systemUTC()).close();
            migrated = Files.readAllBytes(template.resolve(EmbeddedDatabase.FILE));
            FileSystemUtils.deleteRecursively(template);
        }
        return migrated;
    }

    private static DirectoryLock lock(Path directory) {
        try {
            return DirectoryLock.acquire(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
