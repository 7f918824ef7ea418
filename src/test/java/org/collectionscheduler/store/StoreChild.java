package org.collectionscheduler.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.collectionscheduler.settings.StartRefusedException;

/**
 * A process of its own that uses a store directory: {@code hold <directory>}, {@code commit <directory>}, or
 * {@code commit-together <directory>} by many threads.
 */
final class StoreChild {

    static final String OPEN = "open";
    static final String REFUSED = "refused ";

    private static final int WRITERS = 16;

    private StoreChild() {}

    /** Ends when its standard input does, so that it cannot outlive the test. */
    public static void main(String[] arguments) throws IOException {
        try (Store store = TestStores.sqliteFile(Path.of(arguments[1]), Clock.systemUTC())) {
            say(OPEN);
            if (arguments[0].equals("commit-together")) {
                for (int i = 1; i < WRITERS; i++) {
                    new Thread(() -> commitForEver(store), "writer-" + i).start();
                }
            }
            if (arguments[0].startsWith("commit")) {
                commitForEver(store);
            }
            int end = System.in.read();
            say("end " + end);
        } catch (StartRefusedException e) {
            say(REFUSED + e.getMessage());
        }
    }

    static Process start(String mode, Path directory) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx64m",
                        "-cp",
                        classPath,
                        StoreChild.class.getName(),
                        mode,
                        directory.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void commitForEver(Store store) {
        while (true) {
            String id = UUID.randomUUID().toString();
            store.write(jdbc -> jdbc.sql("""
                            INSERT INTO payload (id, collection, run_id, created_at, bytes, content)
                            VALUES (:id, 'c', 'r', 1, 1, 'x')
                            """).param("id", id).update());
            say(id);
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
