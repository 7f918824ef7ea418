package org.collectionscheduler.dispatch.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.collectionscheduler.run.InstanceStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of instances, whose times are the database's. Methods throw Spring's {@code DataAccessException}. */
final class InstanceTable {

    static final String NAME = "instance";

    private static final String NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    private final JdbcClient jdbc;

    InstanceTable(DataSource database) {
        this.jdbc = JdbcClient.create(database);
    }

    /**
     * What a renewal tells.
     *
     * @param at by the database's clock
     * @param drainingAt since when it is to take nothing more; null while it may
     */
    record Renewed(Instant at, @Nullable Instant drainingAt) {}

    /** Makes it one of the live ones, which may take something. False when one of that id has ended. */
    boolean join(String id, String host, String version) {
        return jdbc.sql("""
                INSERT INTO instance (id, host, version, started_at, heartbeat_at)
                VALUES (:id, :host, :version, %1$s, %1$s)
                ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at, draining_at = NULL
                WHERE instance.ended_at IS NULL
                """.formatted(NOW))
                        .param("id", id)
                        .param("host", host)
                        .param("version", version)
                        .update()
                == 1;
    }

    /** Empty when the instance has ended. */
    Optional<Renewed> renew(String id) {
        return jdbc.sql("""
                UPDATE instance SET heartbeat_at = %s WHERE id = :id AND ended_at IS NULL
                RETURNING heartbeat_at, draining_at
                """.formatted(NOW))
                .param("id", id)
                .query((row, number) -> new Renewed(
                        Instant.ofEpochMilli(row.getLong("heartbeat_at")),
                        row.getObject("draining_at") == null ? null : Instant.ofEpochMilli(row.getLong("draining_at"))))
                .optional();
    }

    /** Declares those ended that have not renewed their lease in time. Returns their ids. */
    List<String> expire(Duration lease) {
        return jdbc.sql("""
                UPDATE instance SET ended_at = %1$s WHERE ended_at IS NULL AND heartbeat_at < %1$s - :lease
                RETURNING id
                """.formatted(NOW))
                .param("lease", lease.toMillis())
                .query(String.class)
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
                DELETE FROM instance WHERE ended_at < %s - :kept
                AND NOT EXISTS (SELECT 1 FROM run WHERE run.instance = instance.id AND run.state <> 'FINISHED')
                """.formatted(NOW)).param("kept", kept.toMillis()).update();
    }

    /** The live ones, the longest-lived first, each with how many attempts it makes. */
    List<InstanceStatus> list() {
        return jdbc.sql("""
                SELECT id, host, version, started_at, heartbeat_at, draining_at,
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
                        row.getObject("draining_at") != null))
                .list();
    }
}
