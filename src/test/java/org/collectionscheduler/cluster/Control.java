package org.collectionscheduler.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/** A number in a file that the play writes and an instance reads now and then; 0 while there is none. */
final class Control {

    private static final long READ_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path file;
    private long value;
    private long readAt = System.nanoTime() - READ_AGAIN_NANOS;

    private Control(Path file) {
        this.file = file;
    }

    /** In milliseconds, how far the clock of the instance is ahead. */
    static Control skew(Path controls) {
        return new Control(controls.resolve("skew"));
    }

    /** Of a thousand exchanges with the database, how many break. */
    static Control breaks(Path controls) {
        return new Control(controls.resolve("breaks"));
    }

    synchronized long value() {
        if (System.nanoTime() - readAt >= READ_AGAIN_NANOS) {
            value = read();
            readAt = System.nanoTime();
        }
        return value;
    }

    private long read() {
        try {
            return Long.parseLong(Files.readString(file).trim());
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            return value;
        }
    }

    /** Moved into its place, so that nobody reads half of it. */
    void set(long changed) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(draft, String.valueOf(changed));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
