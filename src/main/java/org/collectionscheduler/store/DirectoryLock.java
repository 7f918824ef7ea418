package org.collectionscheduler.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process out of a store directory. A file of its own rather than the database's locks, so that
 * operators can still read the database; the operating system releases it however the process ends.
 */
final class DirectoryLock implements AutoCloseable {

    static final String FILE = "scheduler.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws StartRefusedException when another process holds the directory */
    static DirectoryLock acquire(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            String holder = Files.readString(file).trim();
            channel.close();
            throw new StartRefusedException(inUse(directory, holder), null);
        }
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(
                    String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            return new DirectoryLock(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static Problem inUse(Path directory, String holder) {
        return new Problem(
                "scheduler.store.directory",
                directory.toString(),
                "is in use by another process" + (holder.isEmpty() ? "" : ", pid " + holder),
                "Stop that process, or give this one a directory of its own");
    }
}
