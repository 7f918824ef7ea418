package org.collectionscheduler.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** SQLite in a directory, or in memory. */
final class EmbeddedDatabase {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

    static final String FILE = "scheduler.db";

    private static final int READERS = 4;
    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);

    private EmbeddedDatabase() {}

    /**
     * Opens the database in {@code directory}, making both where they do not exist; readable by their owner only.
     *
     * @throws StartRefusedException when the directory cannot be written or another process uses it
     */
    static Store open(Path directory, Clock clock) {
        DirectoryLock lock = lock(directory);
        SQLiteDataSource database = dataSource(directory.resolve(FILE));
        return new Store(pool("store-writer", database, 1), pool("store-reader", database, READERS), lock, clock);
    }

    /** A database that lives as long as its one connection. */
    static Store inMemory(Clock clock) {
        useTemporaryNativeDirectory();
        SQLiteDataSource database = new SQLiteDataSource(config());
        database.setUrl("jdbc:sqlite::memory:");
        HikariDataSource pool = pool("store-memory", database, 1);
        return new Store(pool, pool, () -> {}, clock);
    }

    /** Looks at what is stored in {@code directory}, if anything is, and changes nothing there. */
    static StoreView view(Path directory, Clock clock) {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return StoreView.NONE;
        }
        useTemporaryNativeDirectory();
        SQLiteConfig config = config();
        config.setReadOnly(true);
        SQLiteDataSource database = new SQLiteDataSource(config);
        database.setUrl("jdbc:sqlite:" + file);
        HikariConfig poolConfig = poolConfig("store-view", database, 1);
        // The driver refuses to change this on an open connection, so the pool must not want to.
        poolConfig.setReadOnly(true);
        HikariDataSource pool = new HikariDataSource(poolConfig);
        return new StoreView(new Store(pool, pool, () -> {}, clock));
    }

    private static DirectoryLock lock(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                ownerOnly(directory, "rwx------");
            }
            DirectoryLock lock = DirectoryLock.acquire(directory);
            useNativeDirectory(directory.resolve("native"));
            Path file = directory.resolve(FILE);
            if (!Files.exists(file)) {
                Files.createFile(file);
                ownerOnly(file, "rw-------");
            }
            return lock;
        } catch (IOException e) {
            throw new StartRefusedException(unwritable(directory, e.getClass().getSimpleName()), e);
        }
    }

    static Problem unwritable(Path directory, String why) {
        return new Problem(
                "scheduler.store.directory",
                directory.toString(),
                "cannot be written by this user (" + why + ")",
                "Give a directory that this user may create or write, or set scheduler.store.type to memory");
    }

    private static void ownerOnly(Path path, String permissions) throws IOException {
        if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    /** The driver unpacks its library at each start and leaves it behind after a kill: into a place that is swept here. */
    private static void useNativeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
            try (Stream<Path> leftovers = Files.list(directory)) {
                for (Path leftover : leftovers.toList()) {
                    Files.deleteIfExists(leftover);
                }
            }
            System.setProperty("org.sqlite.tmpdir", directory.toString());
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("directory", directory)
                    .setCause(e)
                    .log("no directory for the database driver's library; the default one is used");
        }
    }

    private static void useTemporaryNativeDirectory() {
        try {
            Path directory = Files.createTempDirectory("collection-scheduler-");
            // Entries are deleted in reverse order of registration: the driver's library first, then its directory.
            directory.toFile().deleteOnExit();
            useNativeDirectory(directory);
        } catch (IOException e) {
            log.atWarn().setCause(e).log("no temporary directory for the database driver's library");
        }
    }

    private static SQLiteDataSource dataSource(Path file) {
        SQLiteConfig config = config();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        SQLiteDataSource dataSource = new SQLiteDataSource(config);
        dataSource.setUrl("jdbc:sqlite:" + file);
        return dataSource;
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return config;
    }

    private static HikariDataSource pool(String name, SQLiteDataSource database, int size) {
        return new HikariDataSource(poolConfig(name, database, size));
    }

    private static HikariConfig poolConfig(String name, SQLiteDataSource database, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(database);
        config.setMaximumPoolSize(size);
        config.setMaxLifetime(0);
        config.setIdleTimeout(0);
        config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        return config;
    }
}
