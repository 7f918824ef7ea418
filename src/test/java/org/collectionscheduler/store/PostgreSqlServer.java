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

    static DataSource newDatabase() {
        return newDatabase(Holder.SERVER);
    }

    /** The address of a new database. */
    static String newUrl() {
        return Holder.SERVER.getJdbcUrl("postgres", create(Holder.SERVER));
    }

    static String newDurableUrl() {
        return DurableHolder.SERVER.getJdbcUrl("postgres", create(DurableHolder.SERVER));
    }

    static DataSource newDurableDatabase() {
        return newDatabase(DurableHolder.SERVER);
    }

    private static DataSource newDatabase(EmbeddedPostgres server) {
        return server.getDatabase("postgres", create(server));
    }

    private static String create(EmbeddedPostgres server) {
        String name = "test_" + DATABASES.incrementAndGet();
        JdbcClient.create(server.getPostgresDatabase())
                .sql("CREATE DATABASE " + name)
                .update();
        return name;
    }
}
