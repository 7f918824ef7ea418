package org.collectionscheduler.store;

import java.nio.file.Path;
import java.util.Arrays;
import javax.sql.DataSource;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;

/** Brings the tables to the shape that this build knows; refuses a shape that only a newer build knows. */
final class Migrations {

    /**
     * Where a database is, for an operator.
     *
     * @param key the setting that says so
     * @param value null when it must not be shown
     * @param another what else could be given
     */
    record Location(String key, @Nullable String value, String another) {}

    private Migrations() {}

    static Location directory(Path directory) {
        return new Location("scheduler.store.directory", directory.toString(), "another directory");
    }

    /**
     * Nothing is changed unless the tables can be brought to that shape.
     *
     * @throws StartRefusedException when a newer build wrote the tables, or they cannot be read or changed
     */
    static void apply(DataSource database, Location location) {
        try {
            migrate(database, location);
        } catch (FlywayException e) {
            throw new StartRefusedException(
                    new Problem(
                            location.key(),
                            location.value(),
                            "holds a store that cannot be read or brought up to date (" + Unavailability.reason(e)
                                    + ")",
                            "Put a backup of it in its place, or give this service " + location.another()),
                    e);
        }
    }

    /**
     * Changes nothing.
     *
     * @throws StartRefusedException when a newer build wrote the tables, or they cannot be read
     */
    static void refuseNewer(DataSource database, Location location) {
        try {
            refuseNewer(flyway(database), location);
        } catch (FlywayException e) {
            throw new StartRefusedException(
                    new Problem(
                            location.key(),
                            location.value(),
                            "holds a store that cannot be read (" + Unavailability.reason(e) + ")",
                            "Give " + location.another()),
                    e);
        }
    }

    private static void migrate(DataSource database, Location location) {
        Flyway flyway = flyway(database);
        refuseNewer(flyway, location);
        flyway.migrate();
    }

    private static Flyway flyway(DataSource database) {
        return Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration")
                .loggers("slf4j")
                .load();
    }

    private static void refuseNewer(Flyway flyway, Location location) {
        Arrays.stream(flyway.info().all())
                .filter(migration -> migration.getState().name().startsWith("FUTURE"))
                .findFirst()
                .ifPresent(newer -> refuse(newer, location));
    }

    private static void refuse(MigrationInfo newer, Location location) {
        throw new StartRefusedException(
                new Problem(
                        location.key(),
                        location.value(),
                        "holds a store of schema version " + newer.getVersion() + ", written by a newer build",
                        "Start that build or a later one, or give this one " + location.another()),
                null);
    }
}
