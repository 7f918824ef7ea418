package org.collectionscheduler.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One real PostgreSQL for all tests of a JVM, which ends it; each test gets a database of its own. Another one, for
 * benchmarks, has its commits on disk before it acknowledges them.
 */
final class PostgreSqlServer {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private PostgreSqlServer() {}

    private static final class Holder {

        private static final EmbeddedPostgres SERVER = start("off");
    }

    private static final class DurableHolder {

        private static final EmbeddedPostgres SERVER = start("on");
    }

    private static EmbeddedPostgres start(String durable) {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                    .setServerConfig("fsync", durable)
                    .setServerConfig("synchronous_commit", durable)
                    .setServerConfig("full_page_writes", durable)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A database with all tables, made once: to copy it costs a fraction of what it costs to make them. */
    private static final class TemplateHolder {

        private static final String NAME = makeTemplate();

        private static String makeTemplate() {
            String name = create(Holder.SERVER);
            Migrations.apply(Holder.SERVER.getDatabase("postgres", name), DatabaseServer.LOCATION);
            // One that somebody is connected to cannot be copied.
            execute(Holder.SERVER, "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
            return name;
        }
    }

    /** In which there is nothing yet. */
    static DataSource newDatabase() {
        return Holder.SERVER.getDatabase("postgres", create(Holder.SERVER));
    }

    /** In which all tables are, and no row. */
    static DataSource newDatabaseWithTables() {
        return Holder.SERVER.getDatabase("postgres", copyTemplate());
    }

    /** The address of a {@link #newDatabase}. */
    static String newUrl() {
        return Holder.SERVER.getJdbcUrl("postgres", create(Holder.SERVER));
    }

    /** The address of a {@link #newDatabaseWithTables}. */
    static String newUrlWithTables() {
        return Holder.SERVER.getJdbcUrl("postgres", copyTemplate());
    }

    static String newDurableUrl() {
        return DurableHolder.SERVER.getJdbcUrl("postgres", create(DurableHolder.SERVER));
    }

    private static String create(EmbeddedPostgres server) {
        return create(server, "");
    }

    private static String copyTemplate() {
        // By its files: with so little in them, to write each page to the log costs more than the checkpoint.
        return create(Holder.SERVER, " TEMPLATE " + TemplateHolder.NAME + " STRATEGY FILE_COPY");
    }

    private static String create(EmbeddedPostgres server, String options) {
        String name = "test_" + DATABASES.incrementAndGet();
        execute(server, "CREATE DATABASE " + name + options);
        return name;
    }

    private static void execute(EmbeddedPostgres server, String statement) {
        JdbcClient.create(server.getPostgresDatabase()).sql(statement).update();
    }
}
