package org.collectionscheduler.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.collectionscheduler.settings.Problem;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Where a store is to be moved, as it is written in the arguments.
 *
 * @param to {@code jdbc:postgresql://host:5432/database} or {@code embedded:/path/to/directory}
 * @param username of the PostgreSQL; null when the URL names it, or the server asks for none
 * @param passwordFile whose first line is the password; null when the server asks for none
 */
public record MoveTarget(
        String to, @Nullable String username, @Nullable Path passwordFile) {

    private static final String KEY = "--to";
    private static final String EMBEDDED_PREFIX = "embedded:";
    private static final String REMEDY = "Write jdbc:postgresql://host:5432/database, or embedded:/path/to/directory";

    /** What is wrong with it; no value of it is shown that may hold a password. */
    public List<Problem> problems() {
        if (to.startsWith(EMBEDDED_PREFIX)) {
            return directory() != null ? List.of() : List.of(new Problem(KEY, to, "names no directory", REMEDY));
        }
        Properties url = isAddress() ? Driver.parseURL(to, null) : null;
        if (url == null) {
            return List.of(new Problem(KEY, null, "is neither a PostgreSQL's address nor a directory's", REMEDY));
        }
        if (PGProperty.PASSWORD.getOrDefault(url) != null) {
            return List.of(new Problem(
                    KEY,
                    null,
                    "holds a password, which other users of this machine can read",
                    "Write it into a file, and give that by --to-password-file"));
        }
        return passwordFile == null || Files.isReadable(passwordFile) && Files.isRegularFile(passwordFile)
                ? List.of()
                : List.of(new Problem(
                        "--to-password-file",
                        passwordFile.toString(),
                        "is no file that can be read",
                        "Give a file whose first line is the password"));
    }

    /** Of one without problems. */
    StorePlace place(DatabaseServer.Limits limits) throws IOException {
        Path directory = directory();
        if (directory != null) {
            return new StorePlace.Directory(
                    directory, new Migrations.Location(KEY, EMBEDDED_PREFIX + directory, "another directory"));
        }
        return new StorePlace.Server(
                new DatabaseServer(to, username, password(), limits),
                new Migrations.Location(KEY, null, "another database"));
    }

    /** With an '@' the driver would log what stands before it, which may be a password. */
    private boolean isAddress() {
        return to.startsWith(DatabaseServer.URL_PREFIX) && !to.split("\\?", 2)[0].contains("@");
    }

    private @Nullable Path directory() {
        try {
            String path = to.startsWith(EMBEDDED_PREFIX) ? to.substring(EMBEDDED_PREFIX.length()) : "";
            return path.isBlank() ? null : Path.of(path);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private @Nullable String password() throws IOException {
        return passwordFile == null
                ? null
                : Files.readString(passwordFile).lines().findFirst().orElse("");
    }

    /** Leaves out whatever may hold a secret. */
    @Override
    public String toString() {
        return "MoveTarget[]";
    }
}
