package org.collectionscheduler.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The build itself, given one class each: formatter, Error Prone and NullAway must fail it. */
class BuildRulesIT {

    private static final String PACKAGE = "src/main/java/org/collectionscheduler/violations";

    @TempDir
    private Path project;

    private record Outcome(int exitCode, String output) {}

    @Test
    void acceptsACleanSource() throws Exception {
        Outcome outcome = compile("Clean");
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(project.resolve("target/classes/org/collectionscheduler/violations/Clean.class"))
                .exists();
    }

    @ParameterizedTest
    @CsvSource({
        "Unformatted, spotless, " + PACKAGE + "/Unformatted.java",
        "Dereference, Dereference.java, [NullAway] dereferenced expression 'text' is @Nullable",
        "Comparison, Comparison.java, [ArrayEquals]"
    })
    void refusesAViolation(String source, String where, String what) throws Exception {
        Outcome outcome = compile(source);
        assertThat(outcome.exitCode()).as(outcome.output()).isNotZero();
        assertThat(outcome.output()).contains(where, what);
    }

    private Outcome compile(String source) throws IOException, InterruptedException {
        Files.copy(Path.of("pom.xml"), project.resolve("pom.xml"));
        Files.createDirectories(project.resolve(PACKAGE));
        copy("package-info");
        copy(source);
        Path output = project.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        maven(),
                        "-q",
                        "-B",
                        "-o",
                        "-Dmaven.repo.local=" + localRepository(),
                        // Whatever the repository's name was when it was filled, what is there is there.
                        "-Daether.enhancedLocalRepository.trackingFilename=none",
                        "-Dstyle.color=never",
                        "compile")
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeAll(List.of("MAVEN_PROJECTBASEDIR", "MAVEN_CMD_LINE_ARGS"));
        builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as("the build ends in time")
                    .isTrue();
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }

    private void copy(String source) throws IOException {
        try (InputStream text = BuildRulesIT.class.getResourceAsStream("/violations/" + source + ".java.txt")) {
            Files.copy(Objects.requireNonNull(text), project.resolve(PACKAGE).resolve(source + ".java"));
        }
    }

    private static String maven() {
        String home = System.getProperty("maven.home", System.getenv("MAVEN_HOME"));
        return home == null ? "mvn" : home + File.separator + "bin" + File.separator + "mvn";
    }

    /** The one in use, which the plugin that runs this test passes on. */
    private static String localRepository() {
        String inUse = System.getProperty("maven.repo.local", System.getProperty("localRepository"));
        return inUse == null ? System.getProperty("user.home") + "/.m2/repository" : inUse;
    }
}
