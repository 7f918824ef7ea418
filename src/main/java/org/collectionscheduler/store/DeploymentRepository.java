package org.collectionscheduler.store;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The one row that says which deployment this store belongs to. */
final class DeploymentRepository {

    private DeploymentRepository() {}

    static Optional<Deployment> find(JdbcClient jdbc) {
        return jdbc.sql("SELECT seed, salt FROM deployment")
                .query((row, number) ->
                        new Deployment(row.getString("seed"), row.getString("salt"), Deployment.Origin.STORED))
                .optional();
    }

    /** Stores {@code fresh} unless a deployment is stored already, and returns the stored one. */
    static Deployment findOrCreate(JdbcClient jdbc, Deployment fresh, long now) {
        jdbc.sql("""
                INSERT INTO deployment (id, seed, salt, created_at, probed_at)
                VALUES (1, :seed, :salt, :now, :now)
                ON CONFLICT DO NOTHING
                """)
                .param("seed", fresh.seed())
                .param("salt", fresh.salt())
                .param("now", now)
                .update();
        return find(jdbc).orElseThrow();
    }
}
