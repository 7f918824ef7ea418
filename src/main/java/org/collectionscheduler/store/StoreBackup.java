package org.collectionscheduler.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SortedMap;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;

/**
 * Copies an embedded store into one file, whether a service writes it meanwhile or not. By {@code VACUUM INTO}, which
 * reads one committed state and keeps no writer waiting; SQLite's backup interface would begin again whenever another
 * process commits. The database's log grows for as long as it takes.
 */
public final class StoreBackup {

    private static final String KEY = "--to";

    /** With a service that is just making its tables. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path directory;

    StoreBackup(Path directory) {
        this.directory = directory;
    }

    /** @param rows of each table, by its name */
    public record Copy(long bytes, SortedMap<String, Long> rows) {}

    /**
     * @param target a file that does not exist, in a directory that does. It appears there once it is complete and
     *     verified, and is for its owner only
     * @throws StartRefusedException when it exists, or there is nothing to be copied
     */
    public Copy backup(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path parent = directoryOf(absolute);
        Path part = part(parent, absolute.getFileName() + ".");
        try {
            EmbeddedDatabase.useTemporaryNativeDirectory();
            SortedMap<String, Long> known = copy(part);
            SortedMap<String, Long> rows = StoreFile.verify(
                    part,
                    new Migrations.Location(
                            "scheduler.store.directory",
                            directory.toString(),
                            "another directory, or restore an earlier backup there"));
            if (!known.isEmpty() && !known.equals(rows)) {
                throw new IllegalStateException("the copy has " + rows + " rows, the store has " + known);
            }
            StoreFile.force(part);
            long bytes = Files.size(part);
            publish(part, absolute);
            StoreFile.force(parent);
            return new Copy(bytes, rows);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Readable by its owner only, from the beginning on. */
    private static Path part(Path directory, String prefix) {
        try {
            return Files.createTempFile(directory, prefix, ".part");
        } catch (IOException e) {
            throw new StartRefusedException(
                    new Problem(
                            KEY,
                            directory.toString(),
                            "cannot be written by this user (" + e.getClass().getSimpleName() + ")",
                            "Name a file in a directory that can"),
                    e);
        }
    }

    private Path directoryOf(Path target) {
        if (!EmbeddedDatabase.isIn(directory)) {
            throw new StartRefusedException(
                    new Problem(
                            "scheduler.store.directory",
                            directory.toString(),
                            "holds no store, so there is nothing to be copied",
                            "Set it to the directory that the service uses"),
                    null);
        }
        if (Files.exists(target)) {
            throw exists(target);
        }
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new StartRefusedException(
                    new Problem(KEY, target.toString(), "is in no directory that exists", "Make that directory first"),
                    null);
        }
        return parent;
    }

    /** Returns the rows of what was copied, or nothing when others wrote meanwhile. */
    private SortedMap<String, Long> copy(Path part) {
        // Neither locked nor brought up to date: a service may have it open, and may be an older build.
        try (Connection connection = EmbeddedDatabase.file(directory.resolve(EmbeddedDatabase.FILE), PATIENCE)
                .getConnection()) {
            String before = StoreFile.first(connection, "PRAGMA data_version");
            SortedMap<String, Long> rows = Tables.rows(connection, Tables.names(connection));
            try (PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
                copy.setString(1, part.toString());
                copy.execute();
            }
            if (!StoreFile.first(connection, "PRAGMA data_version").equals(before)) {
                rows.clear();
            }
            return rows;
        } catch (SQLException e) {
            throw new StartRefusedException(
                    new Problem(
                            "scheduler.store.directory",
                            directory.toString(),
                            "holds a store that could not be copied to " + part.getParent() + " ("
                                    + Unavailability.reason(e) + ")",
                            "See to it, or to the room there, then start the command again"),
                    e);
        }
    }

    /** Under its name, unless that has been taken meanwhile. */
    private static void publish(Path part, Path target) throws IOException {
        try {
            Files.createLink(target, part);
        } catch (FileAlreadyExistsException e) {
            throw exists(target);
        } catch (UnsupportedOperationException | IOException e) {
            // A file system without links, where no other name can be taken but by this check.
            Files.move(part, target);
        }
    }

    private static StartRefusedException exists(Path target) {
        return new StartRefusedException(
                new Problem(KEY, target.toString(), "exists already", "Name a file that does not, or move that away"),
                null);
    }
}
