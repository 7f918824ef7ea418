package org.collectionscheduler.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import javax.sql.DataSource;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store in one file, which no service has open. */
final class StoreFile {

    private static final Logger log = LoggerFactory.getLogger(StoreFile.class);

    /** The first bytes of each (sqlite.org/fileformat.html). */
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /** With other processes that have it open. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private StoreFile() {}

    /**
     * Looks at all of it, and makes sure that it is one file and no more.
     *
     * @param location how errors name it
     * @return how many rows each table has
     * @throws StartRefusedException when it is damaged, no store, a newer build's, or unfinished
     */
    static SortedMap<String, Long> verify(Path file, Migrations.Location location) {
        DataSource database = EmbeddedDatabase.file(file, PATIENCE);
        try (Connection connection = database.getConnection()) {
            String state = first(connection, "PRAGMA integrity_check(1)");
            if (!state.equals("ok")) {
                throw refusal(location, "is damaged (" + state + ")");
            }
            first(connection, "PRAGMA journal_mode = DELETE");
            if (!Tables.names(connection).containsAll(List.of(Tables.HISTORY, Tables.DEPLOYMENT))) {
                throw refusal(location, "is no store of this service");
            }
            Migrations.refuseNewer(database, location);
            UnfinishedMove.refuse(connection, location);
            if (first(connection, "SELECT COUNT(*) FROM deployment").equals("0")) {
                throw refusal(location, "holds a store that no service has started with");
            }
            return Tables.rows(connection, Tables.names(connection));
        } catch (SQLException e) {
            throw new StartRefusedException(
                    refusal(location, "is no store that can be read (" + Unavailability.reason(e) + ")")
                            .problems()
                            .get(0),
                    e);
        }
    }

    /** Whether it begins as databases of SQLite do. */
    static boolean isDatabase(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            return Arrays.equals(stream.readNBytes(MAGIC.length), MAGIC);
        }
    }

    /** The first value that a statement gives; empty when it gives none. */
    static String first(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? String.valueOf(result.getString(1)) : "";
        }
    }

    /** Waits until all of a file is on its medium, or all names in a directory are. */
    static void force(Path file) throws IOException {
        StandardOpenOption option = Files.isDirectory(file) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(file, option)) {
            channel.force(true);
        } catch (IOException e) {
            if (option == StandardOpenOption.WRITE) {
                throw e;
            }
            // Not every file system knows how to.
            log.atDebug().addKeyValue("directory", file).setCause(e).log("a directory could not be forced");
        }
    }

    private static StartRefusedException refusal(Migrations.Location location, String wrong) {
        return new StartRefusedException(
                new Problem(location.key(), location.value(), wrong, "Give " + location.another()), null);
    }
}
