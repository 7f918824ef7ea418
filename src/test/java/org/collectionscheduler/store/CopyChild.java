package org.collectionscheduler.store;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** A process of its own that moves or restores: {@code move <directory> <url>}, {@code restore <directory> <file>}. */
final class CopyChild {

    static final String DONE = "done";

    private CopyChild() {}

    public static void main(String[] arguments) throws IOException {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        Path directory = Path.of(arguments[1]);
        if (arguments[0].equals("move")) {
            boolean equal = move(directory).move(new MoveTarget(arguments[2], null, null), CopyChild::say).stream()
                    .allMatch(StoreMove.Moved::isEqual);
            say(equal ? DONE : "different");
        } else {
            new StoreRestore(directory, Clock.systemUTC()).restore(Path.of(arguments[2]));
            say(DONE);
        }
    }

    static StoreMove move(Path source) {
        return move(new StorePlace.Directory(source, Migrations.directory(source)));
    }

    static StoreMove move(StorePlace source) {
        return new StoreMove(source, new DatabaseServer.Limits(2, Duration.ofSeconds(10)), Rows.LIVE);
    }

    static Process start(String... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx48m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                CopyChild.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
