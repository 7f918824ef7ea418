package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Java process that ran to its end.
 *
 * @param status 137 when it had to be killed because it took too long
 */
record ChildJvm(int status, String out, String err, Duration time) {

    private static final int KILLED = 137;

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** A main class on the class path of the tests. */
    static List<String> onClassPath(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The packaged program. */
    static List<String> jar(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "-jar",
                Path.of("target", "collection-scheduler.jar").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * @param heap its largest heap, such as {@code 64m}
     * @param directory where it runs and its output goes
     * @param patience after which it is killed
     */
    static ChildJvm run(
            String heap, List<String> program, Map<String, String> variables, Path directory, Duration patience)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java().toString(), "-Xmx" + heap));
        command.addAll(program);
        Path out = Files.createTempFile(directory, "child", ".out");
        Path err = Files.createTempFile(directory, "child", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(variables);
        long start = System.nanoTime();
        Process process = builder.start();
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        return new ChildJvm(
                ended ? process.exitValue() : KILLED,
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8),
                Duration.ofNanos(System.nanoTime() - start));
    }

    boolean succeeded() {
        return status == 0;
    }
}
