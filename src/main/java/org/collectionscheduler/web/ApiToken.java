package org.collectionscheduler.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The secret that opens the API. Read once, at start. */
final class ApiToken {

    private static final Logger log = LoggerFactory.getLogger(ApiToken.class);

    private static final String KEY = "scheduler.api.token-file";
    private static final int SHORTEST = 16;
    private static final int RANDOM_BYTES = 32;

    private final byte[] token;
    private final Path file;

    private ApiToken(String token, Path file) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.file = file;
    }

    /** What is wrong with that file; empty when it holds a token. */
    static Optional<Problem> check(Path file) {
        try {
            String token = Files.readString(file).trim();
            boolean usable = token.length() >= SHORTEST && token.chars().allMatch(c -> c > ' ' && c < 127);
            return usable
                    ? Optional.empty()
                    : Optional.of(problem(file, "holds no token of " + SHORTEST + " or more printable characters"));
        } catch (IOException e) {
            return Optional.of(problem(file, "cannot be read (" + e.getClass().getSimpleName() + ")"));
        }
    }

    /** The operator's token. */
    static ApiToken read(Path file) {
        check(file).ifPresent(problem -> {
            throw new StartRefusedException(problem, null);
        });
        try {
            return new ApiToken(Files.readString(file).trim(), file);
        } catch (IOException e) {
            throw new StartRefusedException(
                    problem(file, "cannot be read (" + e.getClass().getSimpleName() + ")"), e);
        }
    }

    /** The token in {@code directory}, made there at the first start, readable by its owner only. */
    static ApiToken readOrCreate(Path directory) {
        Path file = directory.resolve("api-token");
        if (!Files.exists(file)) {
            create(file);
        }
        log.atInfo().addKeyValue("file", file.toAbsolutePath().normalize()).log("API token");
        return read(file);
    }

    /** Compares in a time that does not depend on where the two differ. */
    boolean matches(String presented) {
        return MessageDigest.isEqual(token, presented.getBytes(StandardCharsets.UTF_8));
    }

    Path file() {
        return file;
    }

    private static void create(Path file) {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // Written beside and moved, so that a crash leaves no half token behind.
            Path draft = ownerOnlyFile(file.resolveSibling(
                    "api-token.new-" + ProcessHandle.current().pid()));
            Files.writeString(draft, HexFormat.of().formatHex(random) + "\n");
            moveUnlessThere(draft, file);
        } catch (IOException e) {
            throw new StartRefusedException(
                    problem(file, "cannot be made (" + e.getClass().getSimpleName() + ")"), e);
        }
    }

    /** Instances that share the directory go by the token of the first. */
    private static void moveUnlessThere(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            log.atDebug().setCause(e).log("another instance has made the token");
        } catch (FileSystemException | UnsupportedOperationException e) {
            log.atDebug().setCause(e).log("no links here");
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static Path ownerOnlyFile(Path file) throws IOException {
        Files.deleteIfExists(file);
        if (!Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
            return Files.createFile(file);
        }
        return Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static Problem problem(Path file, String wrong) {
        return new Problem(
                KEY,
                file.toString(),
                wrong,
                "Name a readable file with a random token, for example from: openssl rand -hex 32");
    }
}
