package org.collectionscheduler.catalog;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.collectionscheduler.settings.Problem;

/** The jars in the directory of collectors. */
final class CollectorJars {

    private static final String AUTO_CONFIGURATIONS =
            "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

    /** Version of the class files of Java 1.0, so to say: that of Java 17 is 17 more. */
    private static final int CLASS_VERSION_OF_JAVA_0 = 44;

    private final Path directory;

    CollectorJars(Path directory) {
        this.directory = directory;
    }

    /** Those that can be read, in the order of their names; none when the directory cannot be read. */
    List<Path> usable() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .filter(CollectorJars::isReadable)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Reports what keeps jars, or the collectors in them, from being used. */
    void check(Consumer<Problem> problems) {
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .forEach(jar -> check(jar, problems));
        } catch (IOException e) {
            problems.accept(new Problem(
                    CollectorsProperties.DIRECTORY,
                    directory.toString(),
                    "is no directory that can be read",
                    "Create it, readable by this process, or remove the setting"));
        }
    }

    private static void check(Path jar, Consumer<Problem> problems) {
        try (JarFile file = new JarFile(jar.toFile())) {
            readAll(file);
            for (String name : autoConfigurations(file)) {
                ZipEntry type = file.getEntry(name.replace('.', '/') + ".class");
                if (type == null) {
                    problems.accept(problem(
                            jar,
                            "names the class " + name + " but does not hold it",
                            "Correct " + AUTO_CONFIGURATIONS));
                } else if (javaVersion(file, type) > Runtime.version().feature()) {
                    problems.accept(problem(
                            jar,
                            "is compiled for Java " + javaVersion(file, type) + ", but this is Java "
                                    + Runtime.version().feature(),
                            "Compile it with --release " + Runtime.version().feature() + " or less"));
                }
            }
        } catch (IOException | SecurityException | IllegalArgumentException e) {
            problems.accept(problem(
                    jar,
                    "cannot be read as a jar: " + e.getMessage(),
                    "Build or copy it again, readable by this process"));
        }
    }

    /** Finds out whether anything in it is damaged. */
    private static void readAll(JarFile file) throws IOException {
        for (ZipEntry entry : Collections.list(file.entries())) {
            try (InputStream content = file.getInputStream(entry)) {
                content.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    /** Names of classes; empty for a jar that only others use. */
    private static List<String> autoConfigurations(JarFile file) throws IOException {
        ZipEntry entry = file.getEntry(AUTO_CONFIGURATIONS);
        if (entry == null) {
            return List.of();
        }
        try (InputStream content = file.getInputStream(entry)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").trim())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    private static int javaVersion(JarFile file, ZipEntry type) throws IOException {
        try (DataInputStream content = new DataInputStream(file.getInputStream(type))) {
            content.readInt();
            content.readUnsignedShort();
            return content.readUnsignedShort() - CLASS_VERSION_OF_JAVA_0;
        }
    }

    private static boolean isReadable(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.size() >= 0;
        } catch (IOException | SecurityException e) {
            return false;
        }
    }

    private static Problem problem(Path jar, String wrong, String remedy) {
        return new Problem(CollectorsProperties.DIRECTORY + "/" + jar.getFileName(), null, wrong, remedy);
    }
}
