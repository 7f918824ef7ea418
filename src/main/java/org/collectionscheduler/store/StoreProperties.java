package org.collectionscheduler.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Where results are kept and for how long.
 *
 * @param maxPayloadSize a run that brings back more than this fails
 * @param connections of the store to a PostgreSQL
 * @param timeout of a PostgreSQL: for a statement, and for a connection that is free
 */
@ConfigurationProperties("scheduler.store")
public record StoreProperties(
        @DefaultValue("auto") Type type,
        @DefaultValue("./data") Path directory,
        @DefaultValue("8MB") DataSize maxPayloadSize,
        @DefaultValue("8") int connections,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue Retention retention)
        implements SettingsGroup {

    /** {@code AUTO} is PostgreSQL where {@code spring.datasource.url} names one, else embedded. */
    public enum Type {
        AUTO,
        EMBEDDED,
        MEMORY,
        POSTGRESQL
    }

    /**
     * What is kept of each collection. The newest successful payload and the newest run are kept whatever these say.
     *
     * @param payloads most payloads
     * @param runs most finished runs
     * @param age payloads and runs older than this go, however few they are
     */
    public record Retention(
            @DefaultValue("100") int payloads,
            @DefaultValue("1000") int runs,
            @DefaultValue("365d") Duration age) {}

    private static final String TYPE_KEY = "scheduler.store.type";
    private static final long LARGEST_PAYLOAD = DataSize.ofMegabytes(256).toBytes();
    private static final int FEWEST_CONNECTIONS = 2;
    private static final int MOST_CONNECTIONS = 100;
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

    /** @param environment names the PostgreSQL, if there is one */
    StoreType decide(Environment environment) {
        return switch (type) {
            case AUTO -> DatabaseServer.url(environment).isPresent() ? StoreType.POSTGRESQL : StoreType.EMBEDDED;
            case EMBEDDED -> StoreType.EMBEDDED;
            case MEMORY -> StoreType.MEMORY;
            case POSTGRESQL -> StoreType.POSTGRESQL;
        };
    }

    DatabaseServer.Limits limits() {
        return new DatabaseServer.Limits(connections, timeout);
    }

    /** What does not fit together with where the environment says that the database is. */
    void check(Environment environment, Consumer<Problem> problems) {
        boolean named = DatabaseServer.url(environment).isPresent();
        if (type == Type.POSTGRESQL && !named) {
            problems.accept(new Problem(
                    TYPE_KEY,
                    "postgresql",
                    "needs the address of a PostgreSQL",
                    "Set " + DatabaseServer.URL_KEY + " to jdbc:postgresql://host:5432/database"));
        }
        if (named && (type == Type.EMBEDDED || type == Type.MEMORY)) {
            problems.accept(new Problem(
                    TYPE_KEY,
                    type.name().toLowerCase(Locale.ROOT),
                    "contradicts " + DatabaseServer.URL_KEY + ", which names another store",
                    "Remove one of the two"));
        }
        DatabaseServer.check(environment, problems);
    }

    @Override
    public void check(Consumer<Problem> problems) {
        if (connections < FEWEST_CONNECTIONS || connections > MOST_CONNECTIONS) {
            problems.accept(new Problem(
                    "scheduler.store.connections",
                    String.valueOf(connections),
                    "must lie between " + FEWEST_CONNECTIONS + " and " + MOST_CONNECTIONS,
                    "Write a whole number; writes that meet share a connection, so few suffice"));
        }
        if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            problems.accept(new Problem(
                    "scheduler.store.timeout",
                    Durations.text(timeout),
                    "must lie between 1s and 1m",
                    Durations.REMEDY));
        }
        checkCount("scheduler.store.retention.payloads", retention.payloads(), problems);
        checkCount("scheduler.store.retention.runs", retention.runs(), problems);
        Durations.checkPositive("scheduler.store.retention.age", retention.age(), problems);
        if (maxPayloadSize.toBytes() < 1024 || maxPayloadSize.toBytes() > LARGEST_PAYLOAD) {
            problems.accept(new Problem(
                    "scheduler.store.max-payload-size",
                    maxPayloadSize.toString(),
                    "must lie between 1KB and 256MB",
                    "Write a size such as 512KB or 8MB"));
        }
    }

    private static void checkCount(String key, int count, Consumer<Problem> problems) {
        if (count < 1) {
            problems.accept(
                    new Problem(key, String.valueOf(count), "must be at least 1", "Write a whole number from 1 up"));
        }
    }
}
