package org.collectionscheduler.store;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Problem;

/** Reads seed and salt from a file of two lines, {@code seed=…} and {@code salt=…}. */
final class SeedFile {

    private static final String KEY = "scheduler.deployment.seed-file";
    private static final String REMEDY = "Give a readable file with the lines seed=… and salt=…, at least "
            + Deployment.SHORTEST + " random characters each, for example from: openssl rand -hex 32";

    private SeedFile() {}

    /** Empty when the file is not usable, which is then a problem. */
    static Optional<Deployment> read(Path file, Consumer<Problem> problems) {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            problems.accept(new Problem(
                    KEY, file.toString(), "cannot be read (" + e.getClass().getSimpleName() + ")", REMEDY));
            return Optional.empty();
        }
        String seed = lines.getProperty("seed", "").trim();
        String salt = lines.getProperty("salt", "").trim();
        if (seed.length() < Deployment.SHORTEST || salt.length() < Deployment.SHORTEST) {
            problems.accept(new Problem(KEY, file.toString(), "lacks a seed or a salt that is long enough", REMEDY));
            return Optional.empty();
        }
        return Optional.of(new Deployment(seed, salt, Deployment.Origin.FILE));
    }
}
