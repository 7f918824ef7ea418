package org.collectionscheduler.store;

import java.util.Arrays;
import javax.sql.DataSource;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** Brings the tables to the shape that this build knows; refuses a shape that only a newer build knows. */
final class Migrations {

    private Migrations() {}

    /**
     * Nothing is changed unless the tables can be brought to that shape.
     *
     * @param location where the database is, for an operator
     * @throws StartRefusedException when a newer build wrote the tables, or they cannot be read or changed
     */
    static void apply(DataSource database, String location) {
        try {
            migrate(database, location);
        } catch (FlywayException e) {
            throw new StartRefusedException(
                    new Problem(
                            "scheduler.store.directory",
                            location,
                            "holds a store that cannot be read or brought up to date (" + Unavailability.reason(e)
                                    + ")",
                            "Put a backup of it in its place, or give this service another directory"),
                    e);
        }
    }

    private static void migrate(DataSource database, String location) {
        Flyway flyway = Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration")
                .loggers("slf4j")
                .load();
        Arrays.stream(flyway.info().all())
                .filter(migration -> migration.getState().name().startsWith("FUTURE"))
                .findFirst()
                .ifPresent(newer -> refuse(newer, location));
        flyway.migrate();
    }

    private static void refuse(MigrationInfo newer, String location) {
        throw new StartRefusedException(
                new Problem(
                        "scheduler.store.directory",
                        location,
                        "holds a store of schema version " + newer.getVersion() + ", written by a newer build",
                        "Start that build or a later one, or give this one another directory"),
                null);
    }
}
