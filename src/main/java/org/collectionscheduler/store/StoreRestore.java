package org.collectionscheduler.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a copy in the place of an embedded store. The new database takes the old one's name in one step, and the old one
 * has got another name before that: whenever this is killed, the name stands for one of both, whole.
 */
public final class StoreRestore {

    private static final Logger log = LoggerFactory.getLogger(StoreRestore.class);

    private static final String KEY = "--from";
    private static final String STAGE = EmbeddedDatabase.FILE + ".restoring";

    /** What SQLite writes beside a database, and would take for the new one's. */
    private static final List<String> COMPANIONS = List.of("-wal", "-journal", "-shm");

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final Clock clock;

    StoreRestore(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * @param kept where the old database is now; empty when there was none
     * @param rows of each table, by its name
     */
    public record Restored(Optional<Path> kept, long bytes, SortedMap<String, Long> rows) {}

    /**
     * Copies {@code from}, verifies the copy, and puts it into the store directory.
     *
     * @throws StartRefusedException when a service uses the directory, or the file is no store of this build's or an
     *     older one's shape
     */
    public Restored restore(Path from) throws IOException {
        refuse(from);
        DirectoryLock lock = EmbeddedDatabase.lockOnly(directory);
        try {
            Path stage = stage(from);
            SortedMap<String, Long> rows =
                    StoreFile.verify(stage, new Migrations.Location(KEY, from.toString(), "another file"));
            StoreFile.force(stage);
            long bytes = Files.size(stage);
            Optional<Path> kept = keepOld();
            Files.move(
                    stage,
                    directory.resolve(EmbeddedDatabase.FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            StoreFile.force(directory);
            return new Restored(kept, bytes, rows);
        } finally {
            deleteStage();
            EmbeddedDatabase.release(lock);
        }
    }

    private static void refuse(Path from) throws IOException {
        if (!Files.isRegularFile(from) || !Files.isReadable(from)) {
            throw refusal(from, "is no file that can be read", "Give a file that 'backup' has made");
        }
        Path log = sibling(from, "-wal");
        if (Files.exists(log) && Files.size(log) > 0) {
            throw refusal(
                    from,
                    "is not all of its store, for some of it is in " + log.getFileName(),
                    "Make a copy by 'backup', or open and close the file by sqlite3 first");
        }
    }

    /** A copy in the store directory, for its owner only, whatever an earlier attempt has left there. */
    private Path stage(Path from) throws IOException {
        deleteStage();
        Path stage = directory.resolve(STAGE);
        Files.createFile(stage);
        EmbeddedDatabase.ownerOnly(stage, "rw-------");
        try (OutputStream copy = Files.newOutputStream(stage)) {
            Files.copy(from, copy);
        }
        return stage;
    }

    private void deleteStage() throws IOException {
        Path stage = directory.resolve(STAGE);
        Files.deleteIfExists(stage);
        for (String companion : COMPANIONS) {
            Files.deleteIfExists(sibling(stage, companion));
        }
    }

    /** Gives the old database another name, beside its own, which it keeps until the copy takes that. */
    private Optional<Path> keepOld() throws IOException {
        Path old = directory.resolve(EmbeddedDatabase.FILE);
        if (!Files.exists(old) || Files.size(old) == 0) {
            deleteCompanions(old);
            return Optional.empty();
        }
        makeOneFile(old);
        Path kept = free(sibling(old, ".until-" + STAMP.format(clock.instant())));
        for (String companion : COMPANIONS) {
            if (Files.exists(sibling(old, companion))) {
                link(sibling(kept, companion), sibling(old, companion));
            }
        }
        link(kept, old);
        StoreFile.force(directory);
        deleteCompanions(old);
        StoreFile.force(directory);
        return Optional.of(kept);
    }

    /**
     * Brings what its log holds into the database itself. Of one that is damaged that cannot be had: it keeps its log
     * under the other name.
     */
    private void makeOneFile(Path old) throws IOException {
        if (!StoreFile.isDatabase(old)) {
            // SQLite would delete the log of such a file.
            log.atWarn().addKeyValue("file", old).log("the old database is none and is kept as it is");
            return;
        }
        try (Connection connection =
                EmbeddedDatabase.file(old, StoreFile.PATIENCE).getConnection()) {
            if (!StoreFile.first(connection, "PRAGMA journal_mode = DELETE").equals("delete")) {
                throw inUse(null);
            }
        } catch (SQLException e) {
            if (!Unavailability.isDamage(e)) {
                throw inUse(e);
            }
            log.atWarn()
                    .addKeyValue("file", old)
                    .addKeyValue("reason", Unavailability.reason(e))
                    .log("the old database is damaged and kept as it is");
        }
    }

    private StartRefusedException inUse(@Nullable SQLException e) {
        String reason = e == null ? "it is read by another program" : String.valueOf(Unavailability.reason(e));
        return new StartRefusedException(
                new Problem(
                        "scheduler.store.directory",
                        directory.toString(),
                        "holds a database that cannot be put aside (" + reason + ")",
                        "Close what else has it open, sqlite3 or a 'backup', or move it away yourself, then start the"
                                + " command again"),
                e);
    }

    private static void deleteCompanions(Path old) throws IOException {
        for (String companion : COMPANIONS) {
            Files.deleteIfExists(sibling(old, companion));
        }
    }

    /** By a copy where the file system knows no links. */
    private static void link(Path link, Path existing) throws IOException {
        try {
            Files.createLink(link, existing);
        } catch (UnsupportedOperationException | IOException e) {
            log.atDebug().setCause(e).log("no link, so a copy is made");
            Files.copy(existing, link, StandardCopyOption.COPY_ATTRIBUTES);
            StoreFile.force(link);
        }
    }

    private static Path free(Path wanted) {
        Path free = wanted;
        for (int i = 2; Files.exists(free); i++) {
            free = sibling(wanted, "-" + i);
        }
        return free;
    }

    private static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static StartRefusedException refusal(Path from, String wrong, String remedy) {
        return new StartRefusedException(new Problem(KEY, from.toString(), wrong, remedy), null);
    }
}
