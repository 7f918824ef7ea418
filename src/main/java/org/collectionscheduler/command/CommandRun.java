package org.collectionscheduler.command;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process and what it starts. Closing it ends whatever is left of them. Used by one thread. */
final class CommandRun implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CommandRun.class);

    private static final long POLL_MILLIS = 20;

    private final CollectionContext context;
    private final Process process;
    private final ProcessTree tree;
    private final FileChannel output;
    private final FileChannel errors;
    private final ErrorTail errorTail;

    /**
     * How it ended.
     *
     * @param errors the end of its standard error output, without secrets
     */
    record Ended(int exitCode, String output, String errors) {}

    private CommandRun(
            CollectionContext context, Process process, ProcessTree tree, FileChannel output, FileChannel errors) {
        this.context = context;
        this.process = process;
        this.tree = tree;
        this.output = output;
        this.errors = errors;
        this.errorTail = new ErrorTail(
                errors, context.parameters(CommandParameters.class).secrets().values());
    }

    /**
     * Starts the process, with no other variables than those given and one by which it is found again. What the
     * collection's attempts in services that have ended left behind is ended before: a command outlives a service that is
     * killed.
     *
     * @param nanos monotonic time
     * @throws IOException when there is no such program, or no place for its output
     */
    static CommandRun start(Map<String, String> environment, CollectionContext context, LongSupplier nanos)
            throws IOException, InterruptedException {
        ProcessTree.leftOf(context.collection(), nanos).end(pids -> survived(context, pids));
        if (Thread.interrupted()) {
            throw new InterruptedException("cancelled while what an earlier attempt left behind was ended");
        }
        CommandParameters parameters = context.parameters(CommandParameters.class);
        String mark = ProcessTree.newMark(context.collection());
        ProcessBuilder builder = new ProcessBuilder(parameters.command());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put(ProcessTree.MARK, mark);
        if (parameters.directory() != null) {
            builder.directory(parameters.directory().toFile());
        }
        Path out = Files.createTempFile("command-", ".out");
        Path err = null;
        FileChannel output = null;
        FileChannel errors = null;
        try {
            err = Files.createTempFile("command-", ".err");
            output = FileChannel.open(out, StandardOpenOption.READ);
            errors = FileChannel.open(err, StandardOpenOption.READ, StandardOpenOption.WRITE);
            builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
            builder.redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
            Process process = builder.start();
            ProcessTree tree = new ProcessTree(process.toHandle(), mark, nanos);
            return new CommandRun(context, process, tree, output, errors);
        } catch (IOException e) {
            closeAll(output, errors);
            throw e;
        } finally {
            Files.deleteIfExists(out);
            if (err != null) {
                Files.deleteIfExists(err);
            }
        }
    }

    /**
     * Waits for the process, not for what it leaves behind.
     *
     * @throws CollectionFailedException when its output is longer than {@code maxBytes}
     */
    Ended await(long maxBytes) throws IOException, InterruptedException, CollectionFailedException {
        while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            checkLength(maxBytes);
            errorTail.bound();
            tree.look();
        }
        checkLength(maxBytes);
        return new Ended(process.exitValue(), text(output, 0, maxBytes), errorTail.text());
    }

    /**
     * Ends every process that this one started and that still runs: in less than two seconds those that can be ended, and
     * waits for the others, so that the collection counts as stuck and no further attempt runs beside them.
     */
    @Override
    public void close() throws IOException {
        try {
            tree.end(pids -> survived(context, pids));
        } finally {
            closeAll(output, errors);
        }
    }

    private static void survived(CollectionContext context, List<Long> pids) {
        log.atWarn()
                .addKeyValue("collection", context.collection())
                .addKeyValue("runId", context.runId())
                .addKeyValue("attempt", context.attempt())
                .addKeyValue("pids", pids)
                .log("processes of a command cannot be killed: the collection waits until they end; end them by hand");
    }

    private void checkLength(long maxBytes) throws IOException, CollectionFailedException {
        if (output.size() > maxBytes) {
            throw CollectionFailedException.lasting(
                    "the command's output is longer than " + maxBytes + " bytes; raise its parameter max-output or"
                            + " let it write less",
                    null);
        }
    }

    static String text(FileChannel file, long from, long maxBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.min(file.size() - from, maxBytes)));
        while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) > 0) {
            // Until all that was there is read; what a grandchild adds meanwhile is not.
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static void closeAll(@Nullable FileChannel... channels) throws IOException {
        for (FileChannel channel : channels) {
            if (channel != null) {
                channel.close();
            }
        }
    }
}
