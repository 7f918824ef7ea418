package org.collectionscheduler.dispatch.cluster;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** The rows of instances, whose times are the database's. Methods throw Spring's {@code DataAccessException}. */
final class InstanceTable {

    static final String NAME = "instance";

    /** Until it has said in what. */
    private static final String DIFFERS = "declares otherwise";

    private static final String NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Duration lease;

    /** @param lease of this process, for which it may give no sign of life */
    InstanceTable(DataSource database, Duration lease) {
        this.lease = lease;
        this.jdbc = JdbcClient.create(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    /** @throws StoreUnavailableException when the database does not answer */
    static <T> T told(Supplier<T> question) {
        try {
            return question.get();
        } catch (DataAccessException | TransactionException e) {
            throw StoreUnavailableException.because(e);
        }
    }

    /**
     * Says what that instance declares.
     *
     * @return whether no other live one that takes runs declares anything else, or that is in force already and none of
     *     them is just putting another one in force
     */
    boolean declare(String id, String configuration) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            // One after the other: of two that disagree, the later one must see the earlier one.
            String inForce = jdbc.sql("UPDATE deployment SET declares = declares RETURNING COALESCE(declares, '')")
                    .query(String.class)
                    .single();
            jdbc.sql("UPDATE instance SET declares = :configuration WHERE id = :id")
                    .param("id", id)
                    .param("configuration", configuration)
                    .update();
            boolean granted = inForce.equals(configuration)
                    ? isNoneGrantedOtherwise(configuration)
                    : declareOtherwise(configuration).isEmpty();
            jdbc.sql("""
                    UPDATE instance SET differs = CASE WHEN :granted THEN NULL ELSE COALESCE(differs, :differs) END
                    WHERE id = :id
                    """)
                    .param("id", id)
                    .param("granted", granted)
                    .param("differs", DIFFERS)
                    .update();
            return granted;
        }));
    }

    /** One that declares otherwise and was told that it is not to be put in force, has said that it differs. */
    private boolean isNoneGrantedOtherwise(String configuration) {
        return jdbc.sql("""
                SELECT COUNT(*) FROM instance
                WHERE ended_at IS NULL AND draining_at IS NULL AND declares <> :configuration AND differs IS NULL
                """)
                        .param("configuration", configuration)
                        .query(Long.class)
                        .single()
                == 0;
    }

    /** The configuration that is in force; empty before any was. */
    String inForce() {
        return jdbc.sql("SELECT COALESCE(declares, '') FROM deployment")
                .query(String.class)
                .single();
    }

    /** False when it was before. Whoever asks at the same time is told when the caller's transaction has ended. */
    static boolean putInForce(JdbcClient jdbc, String configuration) {
        return jdbc.sql("""
                UPDATE deployment SET declares = :configuration
                WHERE declares IS NULL OR declares <> :configuration
                """).param("configuration", configuration).update() == 1;
    }

    /** What that instance declares is in force. */
    void isInForce(String id, String configuration) {
        boolean unused = putInForce(jdbc, configuration);
        jdbc.sql("UPDATE instance SET differs = NULL WHERE id = :id AND differs IS NOT NULL")
                .param("id", id)
                .update();
    }

    void differs(String id, String difference) {
        jdbc.sql("UPDATE instance SET differs = :difference WHERE id = :id")
                .param("id", id)
                .param("difference", difference)
                .update();
    }

    /** Live ones that take runs and declare anything else; one that has not said yet is about to say it. */
    List<String> declareOtherwise(String configuration) {
        return jdbc.sql("""
                SELECT id FROM instance
                WHERE ended_at IS NULL AND draining_at IS NULL AND declares <> :configuration ORDER BY id
                """)
                .param("configuration", configuration)
                .query(String.class)
                .list();
    }

    /**
     * What a renewal tells.
     *
     * @param at by the database's clock
     * @param drainingAt since when it is to take nothing more; null while it may
     * @param inForce the configuration that is; null before any was
     */
    record Renewed(
            Instant at,
            @Nullable Instant drainingAt,
            @Nullable String inForce) {}

    /** It takes something from now on. */
    void take(String id) {
        jdbc.sql("UPDATE instance SET draining_at = NULL WHERE id = :id AND draining_at IS NOT NULL")
                .param("id", id)
                .update();
    }

    /** Makes it one of the live ones. False when one of that id has ended. */
    boolean join(Instance instance, @Nullable String declares) {
        return jdbc.sql("""
                INSERT INTO instance (id, host, version, started_at, heartbeat_at, declares, differs, lease_ms)
                VALUES (:id, :host, :version, %1$s, %1$s, :declares,
                        (SELECT CAST(:differs AS TEXT) FROM deployment WHERE declares <> :declares), :lease)
                ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at
                WHERE instance.ended_at IS NULL
                """.formatted(NOW))
                        .param("id", instance.id())
                        .param("host", instance.host())
                        .param("version", instance.version())
                        .param("declares", declares, Types.VARCHAR)
                        .param("differs", DIFFERS)
                        .param("lease", lease.toMillis())
                        .update()
                == 1;
    }

    /** Empty when the instance has ended. */
    Optional<Renewed> renew(String id) {
        return jdbc.sql("""
                UPDATE instance SET heartbeat_at = %s WHERE id = :id AND ended_at IS NULL
                RETURNING heartbeat_at, draining_at, (SELECT declares FROM deployment) AS in_force
                """.formatted(NOW))
                .param("id", id)
                .query((row, number) -> new Renewed(
                        Instant.ofEpochMilli(row.getLong("heartbeat_at")),
                        row.getObject("draining_at") == null ? null : Instant.ofEpochMilli(row.getLong("draining_at")),
                        row.getString("in_force")))
                .optional();
    }

    /**
     * Declares those ended that have not renewed their lease in time: each its own, for during a rolling update they may
     * differ. Returns their ids.
     *
     * @param answering for how long the database has answered; one whose lease is longer may not have come back to it yet
     */
    List<String> expire(Duration answering) {
        return jdbc.sql("""
                UPDATE instance SET ended_at = %1$s
                WHERE ended_at IS NULL AND heartbeat_at < %1$s - COALESCE(lease_ms, :lease)
                  AND COALESCE(lease_ms, :lease) <= :answering
                RETURNING id
                """.formatted(NOW))
                .param("lease", lease.toMillis())
                .param("answering", answering.toMillis())
                .query(String.class)
                .list();
    }

    /** Ends connections of that name: of a process that is stopped, or cannot be reached, the server keeps them open. */
    void cutOff(String session) {
        jdbc.sql("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = :session AND datname = current_database() AND usename = current_user
                """)
                .param("session", session)
                .query((row, number) -> row.getBoolean(1))
                .list();
    }

    /** This one ends by itself. */
    void end(String id) {
        jdbc.sql("UPDATE instance SET ended_at = %s WHERE id = :id AND ended_at IS NULL".formatted(NOW))
                .param("id", id)
                .update();
    }

    /** False when it has ended, or there is none. */
    boolean drain(String id) {
        return jdbc.sql("""
                UPDATE instance SET draining_at = COALESCE(draining_at, %s) WHERE id = :id AND ended_at IS NULL
                """.formatted(NOW)).param("id", id).update() == 1;
    }

    Set<String> alive() {
        return jdbc.sql("SELECT id FROM instance WHERE ended_at IS NULL").query(String.class).list().stream()
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean isAlive(String id) {
        return jdbc.sql("SELECT COUNT(*) FROM instance WHERE id = :id AND ended_at IS NULL")
                        .param("id", id)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Those that have ended long ago and of which no unfinished run is left are forgotten. */
    void forgetEnded(Duration kept) {
        jdbc.sql("""
                DELETE FROM stuck_attempt WHERE NOT EXISTS (
                    SELECT 1 FROM instance WHERE instance.id = stuck_attempt.instance AND instance.ended_at IS NULL)
                """).update();
        jdbc.sql("""
                DELETE FROM code_declaration WHERE NOT EXISTS (
                    SELECT 1 FROM instance
                    WHERE instance.id = code_declaration.instance AND instance.ended_at IS NULL)
                """).update();
        jdbc.sql("""
                DELETE FROM instance WHERE ended_at < %s - :kept
                AND NOT EXISTS (SELECT 1 FROM run WHERE run.instance = instance.id AND run.state <> 'FINISHED')
                """.formatted(NOW)).param("kept", kept.toMillis()).update();
    }

    /** The live ones, the longest-lived first, each with how many attempts it makes. */
    List<InstanceStatus> list() {
        return jdbc.sql("""
                SELECT id, host, version, started_at, heartbeat_at, draining_at, differs,
                       (SELECT COUNT(*) FROM run
                        WHERE run.instance = instance.id AND run.state <> 'FINISHED' AND run.state = 'RUNNING') AS running
                FROM instance WHERE ended_at IS NULL ORDER BY started_at, id
                """)
                .query((row, number) -> new InstanceStatus(
                        row.getString("id"),
                        row.getString("host"),
                        row.getString("version"),
                        Instant.ofEpochMilli(row.getLong("started_at")),
                        Instant.ofEpochMilli(row.getLong("heartbeat_at")),
                        row.getInt("running"),
                        row.getObject("draining_at") != null,
                        row.getString("differs")))
                .list();
    }
}
