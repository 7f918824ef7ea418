package org.collectionscheduler.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * A PostgreSQL and how to reach it. Everything that waits for it has a bound: to connect, for a free connection, and for
 * an answer.
 *
 * @param url as its driver takes it
 * @param username null when the URL names it, or the server asks for none
 * @param password likewise
 * @param limits of connections and patience
 */
public record DatabaseServer(
        String url, @Nullable String username, @Nullable String password, Limits limits) {

    /** The setting that says where it is. */
    public static final String URL_KEY = "spring.datasource.url";

    static final String URL_PREFIX = "jdbc:postgresql:";

    private static final String USERNAME_KEY = "spring.datasource.username";
    private static final String PASSWORD_KEY = "spring.datasource.password";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration MIGRATION_TIMEOUT = Duration.ofMinutes(10);

    /**
     * Nobody waits for a lock for ever, and the server ends the session of a machine that has gone without a word, which
     * may hold some, before a lease has passed by default.
     */
    private static final String ANY_SESSION = "-c lock_timeout=5s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3"
            + " -c tcp_keepalives_count=3 -c tcp_user_timeout=15s";

    /** A process that is stopped in the midst of a transaction keeps no locks, either. */
    private static final String SESSION = ANY_SESSION + " -c idle_in_transaction_session_timeout=10s";

    /** For one that waits here for what it does elsewhere, as a copy, or a migration beside its lock. */
    private static final String PATIENT_SESSION = ANY_SESSION + " -c idle_in_transaction_session_timeout=10min";

    /**
     * For connections whose statements mostly find rows by keys, many at once: where it can be, each is looked up in an
     * index. A server that does not know a new table yet would rather read all of it, and keep that plan while the table
     * grows. What has no index is read whole all the same; that older servers take for so dear that they would compile it.
     */
    static final String ROW_BY_ROW =
            "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET jit = off";

    /**
     * For statements whose values make no difference to how their rows are best found, and which would take longer to be
     * planned for each than to be executed. A server that sees that a run is to be in an unfinished state might even look
     * for it among all that are.
     */
    private static final String PLANNED_ONCE = "; SET plan_cache_mode = force_generic_plan";

    static final Migrations.Location LOCATION = new Migrations.Location(URL_KEY, null, "another database");

    /**
     * @param connections of the store, half of them to write by and half to read by; at least 2
     * @param timeout of one statement, and of the wait for a connection
     */
    public record Limits(int connections, Duration timeout) {}

    /** The one that the environment names; empty when it names none. */
    static Optional<DatabaseServer> of(Environment environment, Limits limits) {
        return url(environment)
                .map(url -> new DatabaseServer(
                        url, environment.getProperty(USERNAME_KEY), environment.getProperty(PASSWORD_KEY), limits));
    }

    /** What the environment says of where it is; empty when it says nothing. */
    public static Optional<String> url(Environment environment) {
        return Optional.ofNullable(environment.getProperty(URL_KEY))
                .map(String::trim)
                .filter(url -> !url.isEmpty());
    }

    /** Where the environment names one. */
    public static final class OnUrl implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return url(context.getEnvironment()).isPresent();
        }
    }

    static void check(Environment environment, Consumer<Problem> problems) {
        // The URL may hold a password.
        url(environment)
                .filter(url -> !url.startsWith(URL_PREFIX) || Driver.parseURL(url, null) == null)
                .ifPresent(url -> problems.accept(new Problem(
                        URL_KEY,
                        null,
                        "is not the address of a PostgreSQL",
                        "Write jdbc:postgresql://host:5432/database, or remove it for the embedded store")));
    }

    /**
     * Opens the store in it, and brings its tables to the shape that this build knows. That waits for nobody's long lock,
     * but a large table takes its time.
     *
     * @throws StartRefusedException when it cannot be reached, does not let this service in, a newer build has written
     *     the tables, or a store is still being moved there
     */
    Store open(Clock clock) {
        HikariConfig patient = config("store-migration", 3, MIGRATION_TIMEOUT);
        patient.setDataSource(patientDatabase());
        try (HikariDataSource migrating = open(patient)) {
            UnfinishedMove.refuse(migrating, LOCATION);
            Migrations.apply(migrating, LOCATION);
        }
        int half = Math.max(1, limits.connections() / 2);
        HikariDataSource writer = writerPool("store-writer", half);
        try {
            HikariDataSource reader = pool("store-reader", Math.max(1, limits.connections() - half));
            // What is looked at by keys is looked up row by row, too.
            return new Store(writer, reader, writer, () -> {}, clock);
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** Looks at what is stored in it, if anything is, and changes nothing. */
    StoreView view(Clock clock) {
        HikariDataSource pool = pool("store-view", 1);
        Store store = new Store(pool, pool, () -> {}, clock);
        boolean stored = false;
        try {
            stored = store.read(jdbc -> jdbc.sql("SELECT to_regclass('deployment') IS NOT NULL")
                    .query(Boolean.class)
                    .single());
        } finally {
            if (!stored) {
                store.close();
            }
        }
        return stored ? new StoreView(store) : StoreView.NONE;
    }

    /**
     * Connections for work of its own.
     *
     * @throws StartRefusedException when there is none to be had
     */
    public HikariDataSource pool(String name, int size) {
        return pool(name, size, limits.timeout());
    }

    /**
     * As {@link #pool}, for many changes by keys.
     *
     * @throws StartRefusedException when there is none to be had
     */
    HikariDataSource writerPool(String name, int size) {
        HikariConfig config = config(name, size, limits.timeout());
        config.setConnectionInitSql(ROW_BY_ROW + PLANNED_ONCE);
        return open(config);
    }

    /**
     * As {@link #pool}, for many changes by keys that may be lost when the server crashes: commits are acknowledged before
     * they are on disk.
     *
     * @throws StartRefusedException when there is none to be had
     */
    public HikariDataSource hastyPool(String name, int size) {
        HikariConfig config = config(name, size, limits.timeout());
        // Planned with their values: some of the engine's own find their index by these alone.
        config.setConnectionInitSql(ROW_BY_ROW + "; SET synchronous_commit = off");
        return open(config);
    }

    private HikariDataSource pool(String name, int size, Duration answer) {
        return open(config(name, size, answer));
    }

    private HikariConfig config(String name, int size, Duration answer) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source(answer));
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(limits.timeout().toMillis());
        config.setValidationTimeout(Math.min(5000, limits.timeout().toMillis()));
        config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
        return config;
    }

    private static HikariDataSource open(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            throw new StartRefusedException(unusable(e), e);
        }
    }

    /** A connection outside every pool; whoever asks for it closes it. */
    public Connection connect() throws SQLException {
        return source(limits.timeout()).getConnection();
    }

    /** Connections outside every pool whose statements may take as long as large rows and tables do. */
    DataSource patientDatabase() {
        return source(MIGRATION_TIMEOUT, PATIENT_SESSION);
    }

    private PGSimpleDataSource source(Duration answer) {
        return source(answer, SESSION);
    }

    /**
     * What the URL says itself has the last word, and of a session the last part.
     *
     * @param answer how long a statement may take
     */
    private PGSimpleDataSource source(Duration answer, String session) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        Properties said = Objects.requireNonNullElseGet(Driver.parseURL(url, null), Properties::new);
        String theirs = PGProperty.OPTIONS.getOrNull(said);
        source.setOptions(theirs == null ? session : session + " " + theirs);
        Map<PGProperty, Runnable> others = Map.of(
                PGProperty.CONNECT_TIMEOUT, () -> source.setConnectTimeout((int) CONNECT_TIMEOUT.toSeconds()),
                PGProperty.SOCKET_TIMEOUT, () -> source.setSocketTimeout((int) Math.max(1, answer.toSeconds())),
                PGProperty.TCP_KEEP_ALIVE, () -> source.setTcpKeepAlive(true),
                PGProperty.APPLICATION_NAME, () -> source.setApplicationName("collection-scheduler"));
        others.forEach((property, set) -> {
            if (!said.containsKey(property.getName())) {
                set.run();
            }
        });
        if (username != null) {
            source.setUser(username);
        }
        if (password != null) {
            source.setPassword(password);
        }
        return source;
    }

    private static Problem unusable(PoolInitializationException e) {
        return new Problem(
                URL_KEY,
                null,
                "names a PostgreSQL that cannot be used (" + Unavailability.reason(e) + ")",
                "Start it, or correct the address, spring.datasource.username and spring.datasource.password");
    }

    /** Leaves out whatever may hold a secret. */
    @Override
    public String toString() {
        return "DatabaseServer[limits=" + limits + "]";
    }
}
