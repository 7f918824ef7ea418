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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A process and everything that it started, those included whose parent ended before them or that became daemons.
 *
 * <p>They are found in two ways: as descendants, looked at now and then while the process runs, and by a variable that
 * they inherit, which Linux shows under {@code /proc}. Only a process that clears its environment and loses its parent
 * between two looks is not found.
 *
 * <p>Used by one thread.
 */
final class ProcessTree {

    /**
     * The variable that marks the processes of one attempt: the collection's name, the service's process and what tells
     * attempts apart, with slashes between them.
     */
    static final String MARK = "COLLECTION_SCHEDULER_COMMAND";

    private static final Path PROC = Path.of("/proc");

    /** Behind the collection's name in a mark: the service's id and start. */
    private static final Pattern SERVICE = Pattern.compile("([0-9]{1,18})-([0-9]+)/.*", Pattern.DOTALL);

    /** Of {@code /proc/[pid]/stat}, field 22, counted from the one behind the program's name; proc(5). */
    private static final int START_FIELD = 19;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How long a process may take to heed the request to end, and after that, to be gone. */
    private static final long TERM_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    private static final long KILL_NANOS = TimeUnit.MILLISECONDS.toNanos(600);

    /** Longest time until it is looked again after what cannot be killed. */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Predicate<String> mine;
    private final Consumer<ProcessHandle> kill;
    private final Set<ProcessHandle> members = new HashSet<>();
    private final LongSupplier nanos;
    private long lookedNanos;
    private boolean interrupted;

    /**
     * @param mark the value of {@link #MARK} in the environment of {@code root}
     * @param nanos monotonic time
     */
    ProcessTree(ProcessHandle root, String mark, LongSupplier nanos) {
        this(root, latin(mark)::equals, ProcessHandle::destroyForcibly, nanos);
    }

    /**
     * @param root null when only the mark is known
     * @param mine tells its processes by the value of {@link #MARK}, each byte of which is a character
     * @param kill is asked again and again to end a process that does not heed the request to
     * @param nanos monotonic time
     */
    ProcessTree(
            @Nullable ProcessHandle root, Predicate<String> mine, Consumer<ProcessHandle> kill, LongSupplier nanos) {
        this.mine = mine;
        this.kill = kill;
        this.nanos = nanos;
        this.lookedNanos = nanos.getAsLong();
        if (root != null) {
            members.add(root);
        }
    }

    /** The mark of an attempt that this process makes. */
    static String newMark(String collection) {
        long pid = ProcessHandle.current().pid();
        return collection + "/" + pid + "-" + startOf(pid) + "/" + UUID.randomUUID();
    }

    /** What attempts of that collection left behind whose service has ended, as far as {@link #MARK} shows. */
    static ProcessTree leftOf(String collection, LongSupplier nanos) {
        String beginning = latin(collection) + "/";
        return new ProcessTree(
                null,
                mark -> mark.startsWith(beginning) && hasEnded(mark.substring(beginning.length())),
                ProcessHandle::destroyForcibly,
                nanos);
    }

    /** Another process may have got the id since, so its start counts, too. */
    private static boolean hasEnded(String serviceAndAttempt) {
        Matcher service = SERVICE.matcher(serviceAndAttempt);
        return service.matches() && !startOf(Long.parseLong(service.group(1))).equals(service.group(2));
    }

    /** When that process started, in ticks since the machine did; empty when there is none. */
    private static String startOf(long pid) {
        String stat = read(PROC.resolve(Long.toString(pid)).resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
        return fields.length > START_FIELD ? fields[START_FIELD] : "";
    }

    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Takes a look at who descends from whom, unless the last one was just now. */
    void look() {
        if (nanos.getAsLong() - lookedNanos >= LOOK_NANOS) {
            addDescendants();
            lookedNanos = nanos.getAsLong();
        }
    }

    /**
     * Asks all of them to end, and kills those that have not soon after. Returns when none is left, however long that
     * takes: one that hangs in the kernel or belongs to another user cannot be killed. An interrupt is kept for the
     * caller and shortens nothing.
     *
     * @param survivors takes, once, the ids of those that live although they were killed
     */
    void end(Consumer<List<Long>> survivors) {
        interrupted = Thread.interrupted();
        find();
        members.forEach(ProcessHandle::destroy);
        if (!within(TERM_NANOS, this::haveEnded) && !within(KILL_NANOS, this::areKilled)) {
            survivors.accept(members.stream().map(ProcessHandle::pid).sorted().toList());
            awaitSurvivors();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether that is so by then. */
    private boolean within(long mostNanos, BooleanSupplier reached) {
        long startNanos = nanos.getAsLong();
        do {
            if (reached.getAsBoolean()) {
                return true;
            }
            pause(PAUSE_NANOS);
        } while (nanos.getAsLong() - startNanos < mostNanos);
        return reached.getAsBoolean();
    }

    private void awaitSurvivors() {
        long pauseNanos = PAUSE_NANOS;
        while (!areKilled()) {
            pause(pauseNanos);
            pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
        }
    }

    private boolean haveEnded() {
        find();
        return members.isEmpty();
    }

    /** Kills again, at each call, whatever is found: one may start another while it is killed. */
    private boolean areKilled() {
        find();
        members.forEach(kill);
        return members.isEmpty();
    }

    /** An interrupt is taken from the thread, on which no further pause would last otherwise. */
    private void pause(long nanos) {
        LockSupport.parkNanos(nanos);
        interrupted |= Thread.interrupted();
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
                if (handle.isPresent() && isMine(read(process.resolve("environ")))) {
                    members.add(handle.get());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No Linux: there are descendants only.
        }
    }

    private boolean isMine(String environment) {
        for (String variable : environment.split("\0", -1)) {
            if (variable.startsWith(MARK + "=") && mine.test(variable.substring(MARK.length() + 1))) {
                return true;
            }
        }
        return false;
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
