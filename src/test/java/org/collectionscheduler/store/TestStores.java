package org.collectionscheduler.store;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Stores with all tables, for tests of every package. */
public final class TestStores {

    static {
        // Without Spring Boot nothing has told these to be quiet.
        for (String name :
                List.of("org.flywaydb", "com.zaxxer.hikari", "org.springframework", "io.zonky", "org.postgresql")) {
            ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.WARN);
        }
    }

    private TestStores() {}

    public static Store sqliteFile(Path directory, Clock clock) {
        return migrated(EmbeddedDatabase.open(directory, clock));
    }

    public static Store sqliteMemory(Clock clock) {
        return migrated(EmbeddedDatabase.inMemory(clock));
    }

    public static Store postgreSql(Clock clock) {
        HikariDataSource pool = pool(PostgreSqlServer.newDatabaseWithTables(), 8, DatabaseServer.ROW_BY_ROW);
        return deployed(new Store(pool, pool, () -> {}, clock));
    }

    /** A new database with all tables, for those that share it. */
    public static DatabaseServer server() {
        return server(Duration.ofSeconds(10));
    }

    /** @param timeout of each statement */
    public static DatabaseServer server(Duration timeout) {
        return server(PostgreSqlServer.newUrlWithTables(), timeout);
    }

    /** As {@link #server}, with nothing in the database. */
    public static DatabaseServer emptyServer() {
        return server(PostgreSqlServer.newUrl(), Duration.ofSeconds(10));
    }

    private static DatabaseServer server(String url, Duration timeout) {
        return new DatabaseServer(url, null, null, new DatabaseServer.Limits(4, timeout));
    }

    /** As {@link #server}, on one whose commits are on disk when they are acknowledged. */
    public static DatabaseServer durableServer(int connections) {
        return new DatabaseServer(
                PostgreSqlServer.newDurableUrl(),
                null,
                null,
                new DatabaseServer.Limits(connections, Duration.ofSeconds(10)));
    }

    /** The store in it, as each of those that share it opens it. */
    public static Store shared(DatabaseServer server, Clock clock) {
        return deployed(server.open(clock));
    }

    /**
     * A database in that directory as an older build left it.
     *
     * @param version of its schema
     * @param rows statements, one a line or more, each ended by a semicolon
     */
    public static void writeOldSqliteFile(Path directory, String version, String rows) {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite:" + directory.resolve(EmbeddedDatabase.FILE));
        writeOld(database, version, rows);
    }

    /** As {@link #writeOldSqliteFile}, opened with the present shape. */
    public static Store oldPostgreSql(String version, String rows, Clock clock) {
        DataSource database = PostgreSqlServer.newDatabase();
        writeOld(database, version, rows);
        HikariDataSource pool = pool(database, 8);
        return migrated(new Store(pool, pool, () -> {}, clock));
    }

    private static void writeOld(DataSource database, String version, String rows) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration")
                .target(version)
                .load()
                .migrate();
        new ResourceDatabasePopulator(new ByteArrayResource(rows.getBytes(StandardCharsets.UTF_8))).execute(database);
    }

    /**
     * The database of a store and the connections that a plain program would use for it: as many, and with the same
     * promise that an acknowledged commit is on disk.
     */
    public record Bare(Store store, HikariDataSource connections) implements AutoCloseable {

        @Override
        public void close() {
            connections.close();
            store.close();
        }
    }

    public static Bare bareSqlite(Path directory, Clock clock) {
        Store store = sqliteFile(directory, clock);
        SQLiteDataSource database = durable(directory);
        database.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE.name());
        return new Bare(store, pool(database, 1));
    }

    /** The database in that directory with the promise that the service's own connections give. */
    static SQLiteDataSource durable(Path directory) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        SQLiteDataSource database = new SQLiteDataSource(config);
        database.setUrl("jdbc:sqlite:" + directory.resolve(EmbeddedDatabase.FILE));
        return database;
    }

    /**
     * On a server that syncs. Ours has few connections to write by, so that writes meet, and some to read by; the plain
     * program has as many as it has threads.
     */
    public static Bare barePostgreSql(Clock clock) {
        DatabaseServer server = durableServer(6);
        return new Bare(shared(server, clock), server.pool("bare", 10));
    }

    /** A store with one connection whose acknowledgements may be lost. */
    public static Store unreliable(UnreliableDataSource database, Clock clock) {
        HikariDataSource pool = pool(database, 1);
        return migrated(new Store(pool, pool, () -> {}, clock));
    }

    /** As {@link #shared}, by connections whose acknowledgements may be lost. */
    public static Store sharedUnreliable(UnreliableDataSource database, Clock clock) {
        HikariDataSource pool = pool(database, 2);
        return deployed(new Store(pool, pool, () -> {}, clock));
    }

    /** The database of that server, whose tables are there. */
    public static UnreliableDataSource unreliableDatabase(DatabaseServer server) {
        return new UnreliableDataSource(server.patientDatabase());
    }

    public static UnreliableDataSource unreliableDatabase() {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite::memory:");
        return new UnreliableDataSource(new SqliteTransactions(database));
    }

    /** With all tables: to make them takes more connections than one. */
    static UnreliableDataSource unreliableServer(Clock clock) {
        DataSource database = PostgreSqlServer.newDatabaseWithTables();
        HikariDataSource pool = pool(database, 1);
        deployed(new Store(pool, pool, () -> {}, clock)).close();
        return new UnreliableDataSource(database);
    }

    /** From now on a store in memory behaves as on a medium that has become read-only. */
    public static void refuseWrites(Store memory) {
        memory.read(jdbc -> jdbc.sql("PRAGMA query_only = ON").update());
    }

    public static void acceptWrites(Store memory) {
        memory.read(jdbc -> jdbc.sql("PRAGMA query_only = OFF").update());
    }

    /** From now on a store in memory has room for so many pages. */
    static void limitTo(Store memory, long pages) {
        memory.read(jdbc ->
                jdbc.sql("PRAGMA max_page_count = " + pages).query(Long.class).single());
    }

    /** Brings the tables to the present shape, again. */
    public static Store migrated(Store store) {
        store.migrate(new Migrations.Location("a.test", null, "another"));
        return deployed(store);
    }

    private static Store deployed(Store store) {
        store.write(jdbc -> DeploymentRepository.findOrCreate(jdbc, Deployment.random(Deployment.Origin.STORED), 0));
        return store;
    }

    static HikariDataSource pool(DataSource database, int size) {
        return pool(database, size, null);
    }

    /** @param first what each connection executes first, if anything */
    private static HikariDataSource pool(DataSource database, int size, @Nullable String first) {
        HikariConfig config = new HikariConfig();
        config.setConnectionInitSql(first);
        config.setDataSource(database);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setMaxLifetime(0);
        return new HikariDataSource(config);
    }
}
