package org.collectionscheduler.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import javax.sql.DataSource;
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
    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);

    private EmbeddedDatabase() {}

    /**
     * Opens the database in {@code directory}, making both where they do not exist; readable by their owner only.
     *
     * @throws StartRefusedException when the directory cannot be written or another process uses it
     */
    static Store open(Path directory, Clock clock) {
        DirectoryLock lock = lock(directory);
        Path file = directory.resolve(FILE);
        SQLiteDataSource database = dataSource(file);
        HikariDataSource writer = null;
        try {
            writer = pool("store-writer", database, 1);
            return new Store(writer, pool("store-reader", database, READERS), lock, clock);
        } catch (PoolInitializationException e) {
            if (writer != null) {
                writer.close();
            }
            release(lock);
            throw new StartRefusedException(unusable(file, e), e);
        }
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
        database.setUrl("jdbc:sqlite:" + (isAtRest(file) ? file.toUri() + "?immutable=1" : file));
        HikariConfig poolConfig = poolConfig("store-view", database, 1);
        // The driver refuses to change this on an open connection, so the pool must not want to.
        poolConfig.setReadOnly(true);
        try {
            HikariDataSource pool = new HikariDataSource(poolConfig);
            return new StoreView(new Store(pool, pool, () -> {}, clock));
        } catch (PoolInitializationException e) {
            throw new StartRefusedException(unusable(file, e), e);
        }
    }

    /** No process has it open. Reading it as usual would then leave files behind. */
    private static boolean isAtRest(Path file) {
        return !Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
    }

    /** Whether one has been made in {@code directory}, readable or not. */
    static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve(FILE));
    }

    /**
     * The one in {@code directory}, for who holds its lock. Each connection is a new one.
     *
     * @param directory in which there is one
     */
    static DataSource database(Path directory) {
        return new SqliteTransactions(dataSource(directory.resolve(FILE)));
    }

    /**
     * A database in a file, in whichever journal mode it is.
     *
     * @param patience how long a statement waits for those of other processes
     */
    static DataSource file(Path file, Duration patience) {
        SQLiteConfig config = config();
        config.setBusyTimeout((int) patience.toMillis());
        SQLiteDataSource database = new SQLiteDataSource(config);
        database.setUrl("jdbc:sqlite:" + file);
        return database;
    }

    /**
     * Locks {@code directory} and makes a database in it where there is none.
     *
     * @throws StartRefusedException when the directory cannot be written or another process uses it
     */
    static DirectoryLock lock(Path directory) {
        DirectoryLock lock = lockOnly(directory);
        try {
            Path file = directory.resolve(FILE);
            if (!Files.exists(file)) {
                Files.createFile(file);
                ownerOnly(file, "rw-------");
            }
            return lock;
        } catch (IOException e) {
            release(lock);
            throw new StartRefusedException(unwritable(directory, e.getClass().getSimpleName()), e);
        }
    }

    /** As {@link #lock}, whether there is a database or not. */
    static DirectoryLock lockOnly(Path directory) {
        DirectoryLock lock = null;
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                ownerOnly(directory, "rwx------");
            }
            lock = DirectoryLock.acquire(directory);
            ownerOnly(directory.resolve(DirectoryLock.FILE), "rw-------");
            useNativeDirectory(directory.resolve("native"));
            return lock;
        } catch (IOException e) {
            if (lock != null) {
                release(lock);
            }
            throw new StartRefusedException(unwritable(directory, e.getClass().getSimpleName()), e);
        }
    }

    static void release(DirectoryLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("the lock of the store directory could not be released");
        }
    }

    private static Problem unusable(Path file, PoolInitializationException e) {
        return new Problem(
                "scheduler.store.directory",
                String.valueOf(file.getParent()),
                "holds a " + file.getFileName() + " that cannot be opened (" + Unavailability.reason(e) + ")",
                "Put a backup of that file in its place, or give this service another directory");
    }

    static Problem unwritable(Path directory, String why) {
        return new Problem(
                "scheduler.store.directory",
                directory.toString(),
                "cannot be written by this user (" + why + ")",
                "Give a directory that this user may create or write, or set scheduler.store.type to memory");
    }

    static void ownerOnly(Path path, String permissions) throws IOException {
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

    static void useTemporaryNativeDirectory() {
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
        return config;
    }

    private static HikariDataSource pool(String name, SQLiteDataSource database, int size) {
        return new HikariDataSource(poolConfig(name, database, size));
    }

    private static HikariConfig poolConfig(String name, SQLiteDataSource database, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(new SqliteTransactions(database));
        config.setMaximumPoolSize(size);
        config.setMaxLifetime(0);
        config.setIdleTimeout(0);
        config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        return config;
    }
}
