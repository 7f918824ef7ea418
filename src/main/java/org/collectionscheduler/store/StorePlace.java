package org.collectionscheduler.store;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;

/** Where a store is that outlives its process, and how to have it alone. */
sealed interface StorePlace {

    /** The setting or argument that names it, for errors. */
    Migrations.Location location();

    Dialect dialect();

    /** The database itself. A connection of it answers late rather than never. */
    DataSource database();

    /** Whether there is a database, for one that is looked for is not made. */
    boolean exists();

    /**
     * Keeps services out until it is closed.
     *
     * @throws StartRefusedException when one is in
     */
    Hold hold();

    /**
     * What keeps others out.
     *
     * @param isHeld whether they have been kept out all the time
     */
    record Hold(BooleanSupplier isHeld, Runnable release) implements AutoCloseable {

        @Override
        public void close() {
            release.run();
        }
    }

    /** An embedded store. */
    record Directory(Path path, Migrations.Location location) implements StorePlace {

        @Override
        public Dialect dialect() {
            return Dialect.SQLITE;
        }

        @Override
        public DataSource database() {
            return EmbeddedDatabase.database(path);
        }

        @Override
        public boolean exists() {
            return EmbeddedDatabase.isIn(path);
        }

        @Override
        public Hold hold() {
            try {
                DirectoryLock lock = EmbeddedDatabase.lock(path);
                return new Hold(() -> true, () -> EmbeddedDatabase.release(lock));
            } catch (StartRefusedException e) {
                Problem why = e.problems().get(0);
                throw new StartRefusedException(
                        new Problem(
                                location.key(),
                                location.value(),
                                why.wrong(),
                                "Stop the service that uses it, or name a directory that this user may write"),
                        e);
            }
        }
    }

    /** A PostgreSQL. */
    record Server(DatabaseServer server, Migrations.Location location) implements StorePlace {

        @Override
        public Dialect dialect() {
            return Dialect.POSTGRESQL;
        }

        @Override
        public DataSource database() {
            return server.patientDatabase();
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public Hold hold() {
            AdvisoryLock lock = new AdvisoryLock(server, AdvisoryLock.Mode.ALONE);
            Optional<String> why = lock.keep();
            if (why.isPresent()) {
                throw new StartRefusedException(
                        new Problem(
                                location.key(),
                                location.value(),
                                "cannot be had alone: " + why.get(),
                                "Correct its address and credentials, or stop all instances that use it, then start"
                                        + " the command again"),
                        null);
            }
            return new Hold(lock::isHeld, lock::close);
        }
    }
}
