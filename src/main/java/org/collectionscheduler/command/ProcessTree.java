package org.collectionscheduler.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process and everything that it started, those included whose parent ended before them or that became daemons.
 *
 * <p>They are found in two ways: as descendants, looked at now and then while the process runs, and by a variable that
 * they inherit, which Linux shows under {@code /proc}. Only a process that clears its environment and loses its parent
 * between two looks is not found.
 */
final class ProcessTree {

    /** The variable that marks the processes of one attempt. */
    static final String MARK = "COLLECTION_SCHEDULER_COMMAND";

    private static final Path PROC = Path.of("/proc");
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How long a process may take to heed the request to end, and after that, to be gone. */
    private static final long TERM_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    private static final long KILL_NANOS = TimeUnit.MILLISECONDS.toNanos(600);

    private final String entry;
    private final Set<ProcessHandle> members = new HashSet<>();
    private long lookedNanos = System.nanoTime();

    /** @param mark the value of {@link #MARK} in the environment of {@code root} */
    ProcessTree(ProcessHandle root, String mark) {
        this.entry = MARK + "=" + mark;
        members.add(root);
    }

    /** Takes a look at who descends from whom, unless the last one was just now. */
    void look() {
        if (System.nanoTime() - lookedNanos >= LOOK_NANOS) {
            addDescendants();
            lookedNanos = System.nanoTime();
        }
    }

    /** Asks all of them to end, and kills those that have not soon after. An interrupt is kept for the caller. */
    void end() {
        boolean interrupted = Thread.interrupted();
        find();
        members.forEach(ProcessHandle::destroy);
        awaitEnd(TERM_NANOS, false);
        awaitEnd(KILL_NANOS, true);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param kill whether to kill, again and again, whatever is found: one may start another while it is killed */
    private void awaitEnd(long nanos, boolean kill) {
        long start = System.nanoTime();
        do {
            find();
            if (members.isEmpty()) {
                return;
            }
            if (kill) {
                members.forEach(ProcessHandle::destroyForcibly);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (System.nanoTime() - start < nanos);
    }

    /** All that run now. */
    private void find() {
        addMarked();
        addDescendants();
        members.removeIf(member -> !runs(member));
    }

    private void addDescendants() {
        Map<ProcessHandle, List<ProcessHandle>> children = new HashMap<>();
        ProcessHandle.allProcesses()
                .forEach(process -> process.parent()
                        .ifPresent(parent -> children.computeIfAbsent(parent, any -> new ArrayList<>())
                                .add(process)));
        Deque<ProcessHandle> parents = new ArrayDeque<>(members);
        while (!parents.isEmpty()) {
            for (ProcessHandle child : children.getOrDefault(parents.pop(), List.of())) {
                if (members.add(child)) {
                    parents.push(child);
                }
            }
        }
    }

    private void addMarked() {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                // The handle first: should another process take over the id, the handle is still of the first one.
                Optional<ProcessHandle> handle =
                        ProcessHandle.of(Long.parseLong(process.getFileName().toString()));
                if (handle.isPresent() && read(process.resolve("environ")).contains(entry)) {
                    members.add(handle.get());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No Linux: there are descendants only.
        }
    }

    /** A zombie waits for its parent to ask how it ended, and cannot be ended any further. */
    private static boolean runs(ProcessHandle member) {
        String stat = read(PROC.resolve(Long.toString(member.pid())).resolve("stat"));
        return member.isAlive() && !stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Ended meanwhile, or somebody else's.
            return "";
        }
    }
}
