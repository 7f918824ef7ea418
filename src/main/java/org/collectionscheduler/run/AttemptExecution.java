package org.collectionscheduler.run;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Pseudonyms;
import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One attempt while it is made: the collector on a thread that it has to itself, watched from the thread that calls
 * {@link #await}. The thread is lent: to start one takes longer than a run that finds little to do. A collector that does
 * not return keeps it.
 *
 * <p>The collector gets a platform thread even where virtual threads exist: code that spins or hangs in native calls
 * keeps a virtual thread's carrier, and there are only as many carriers as cores, so a few such collectors would stop
 * all others.
 */
final class AttemptExecution implements CollectionContext {

    private static final Logger log = LoggerFactory.getLogger(AttemptExecution.class);
    private static final int LONGEST_ERROR = 1000;
    private static final int REPLACEMENT = 0xFFFD;

    /**
     * What does not belong to one attempt alone.
     *
     * @param threads starts each attempt at once, on a platform thread that nobody else uses meanwhile
     */
    record Environment(
            Clock clock,
            Ticker ticker,
            Pseudonyms pseudonyms,
            Envelope envelope,
            Executor threads,
            Runnable exhaustedHeap) {}

    private final Run run;
    private final Collector collector;
    private final Parameters parameters;
    private final Duration timeout;
    private final Environment environment;
    private final long startNanos;
    private final CompletableFuture<AttemptEnd> end = new CompletableFuture<>();
    private final CountDownLatch endedOrCancelled = new CountDownLatch(1);
    private final Object lock = new Object();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private @Nullable RunOutcome cancelledAs;

    /** The thread that the attempt has, which has other work before and after it; guarded by the lock. */
    private @Nullable Thread worker;

    private volatile boolean submitted;
    private volatile boolean returned;

    /** @param timeout after which the attempt is cancelled */
    AttemptExecution(Run run, Collector collector, Parameters parameters, Duration timeout, Environment environment) {
        this.run = run;
        this.collector = collector;
        this.parameters = parameters;
        this.timeout = timeout;
        this.environment = environment;
        this.startNanos = environment.ticker().nanos();
    }

    Run run() {
        return run;
    }

    /**
     * Makes the attempt, unless it was cancelled before, and cancels it when its timeout has passed.
     *
     * @param patience how long a cancelled collector may take to return
     * @return how it ended; a collector that has not returned by then has not succeeded, whatever it does later
     */
    AttemptEnd await(Duration patience) throws InterruptedException {
        if (cancelledAs() != null) {
            return cancelledEnd(true);
        }
        try {
            environment.threads().execute(this::workOnBorrowedThread);
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            return AttemptEnd.failed("the machine refused a thread for the collector: " + e, elapsed(), true);
        }
        submitted = true;
        if (!endedOrCancelled.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            cancel(RunOutcome.TIMED_OUT);
        }
        try {
            return end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return cancelledEnd(false);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an attempt's end is always a value", e);
        }
    }

    /** Interrupts the collector and closes its resources; the attempt ends with {@code outcome}. */
    void cancel(RunOutcome outcome) {
        Deque<AutoCloseable> toClose;
        synchronized (lock) {
            if (cancelledAs != null || end.isDone()) {
                return;
            }
            cancelledAs = outcome;
            toClose = new ArrayDeque<>(resources);
            resources.clear();
            // Only while it is this attempt's: the thread's next work must not be hit.
            if (worker != null) {
                worker.interrupt();
            }
        }
        endedOrCancelled.countDown();
        if (!toClose.isEmpty()) {
            closeElsewhere(toClose);
        }
    }

    /** Closing may block like the call that it ends, so it does not hold up whoever cancels while there are threads. */
    private void closeElsewhere(Deque<AutoCloseable> toClose) {
        Runnable closing = () -> toClose.forEach(this::close);
        try {
            environment.threads().execute(closing);
        } catch (RuntimeException | Error e) {
            logged(log.atWarn(), e).log("no thread to close the attempt's resources");
            closing.run();
        }
    }

    /** True until the collector returns: after a cancellation, as long as it does not heed it. */
    boolean isStuck() {
        return submitted && !returned;
    }

    @Override
    public String collection() {
        return run.collection();
    }

    @Override
    public String runId() {
        return run.id();
    }

    @Override
    public int attempt() {
        return run.attempt();
    }

    @Override
    public Clock clock() {
        return environment.clock();
    }

    @Override
    public Duration remaining() {
        Duration left = timeout.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public Pseudonyms pseudonyms() {
        return environment.pseudonyms();
    }

    @Override
    public <T extends Record> T parameters(Class<T> type) {
        return parameters.as(type);
    }

    @Override
    public <T extends AutoCloseable> T closeOnCancel(T resource) {
        synchronized (lock) {
            if (cancelledAs == null) {
                resources.push(resource);
                return resource;
            }
        }
        close(resource);
        return resource;
    }

    /** Takes the thread as its own and leaves it as it was, but for what the collector keeps in thread-locals. */
    private void workOnBorrowedThread() {
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        ClassLoader loader = thread.getContextClassLoader();
        try {
            thread.setName("collect-" + run.collection() + "-" + run.attempt());
            // What it looks up by name, it finds beside itself.
            thread.setContextClassLoader(collector.getClass().getClassLoader());
            if (mayBegin(thread)) {
                work();
            }
        } finally {
            returned = true;
            thread.setName(name);
            thread.setContextClassLoader(loader);
            thread.setPriority(Thread.NORM_PRIORITY);
            MDC.clear();
            Thread.interrupted();
        }
    }

    /** False when it was cancelled before it had a thread. */
    private boolean mayBegin(Thread thread) {
        synchronized (lock) {
            if (cancelledAs != null) {
                end.complete(cancelledEnd(true));
                return false;
            }
            worker = thread;
            return true;
        }
    }

    private void work() {
        AttemptEnd result;
        try {
            result = collect();
        } catch (Throwable e) {
            // Describing a failure runs code of the failure itself.
            result = AttemptEnd.failed("the collector failed in a way that cannot be described", elapsed(), true);
        }
        synchronized (lock) {
            worker = null;
            returned = true;
            end.complete(cancelledAs == null ? result : cancelledEnd(true));
        }
        endedOrCancelled.countDown();
    }

    /** The collector boundary: whatever comes out of it ends this attempt and nothing else. */
    private AttemptEnd collect() {
        try {
            return succeeded(collector.collect(this));
        } catch (CollectionFailedException e) {
            return AttemptEnd.failed(clip(String.valueOf(e.getMessage())), elapsed(), e.retryable());
        } catch (Throwable e) {
            if (ExhaustedHeap.isBehind(e)) {
                environment.exhaustedHeap().run();
            }
            return failed(e, true);
        }
    }

    private AttemptEnd succeeded(@Nullable Collected collected) throws CollectionFailedException {
        if (collected == null) {
            throw CollectionFailedException.lasting("the collector returned null instead of data", null);
        }
        if (collected.nothing()) {
            throw CollectionFailedException.passing("nothing could be collected: " + missing(collected), null);
        }
        Duration duration = elapsed();
        Instant now = Instant.ofEpochMilli(environment.clock().millis());
        Envelope.RunFacts facts =
                new Envelope.RunFacts(run.id(), run.attempt(), run.kind(), run.scheduledAt(), run.startedAt(), now);
        String content = environment.envelope().write(collector.name(), collected, facts, duration);
        if (parameters.shownIn(content)) {
            throw CollectionFailedException.lasting(
                    "a secret of this collection is in the payload, which is not stored; mend the collector", null);
        }
        return AttemptEnd.succeeded(content, collected.full() ? null : clip(missing(collected)), duration);
    }

    private static String missing(Collected collected) {
        StringBuilder missing = new StringBuilder();
        collected.sections().forEach((name, section) -> {
            if (section.status() != Section.Status.OK) {
                missing.append(missing.isEmpty() ? "" : "; ")
                        .append(name)
                        .append(": ")
                        .append(section.reason());
            }
        });
        return missing.toString();
    }

    private AttemptEnd failed(Throwable failure, boolean worthRepeating) {
        if (cancelledAs() == null) {
            logged(log.atWarn().addKeyValue("attempt", run.attempt()), failure).log("collector threw");
        }
        String message = failure.getMessage() == null ? "" : ": " + failure.getMessage();
        return AttemptEnd.failed(clip(failure.getClass().getSimpleName() + message), elapsed(), worthRepeating);
    }

    /** @param returned whether the collector came back after its cancellation */
    private AttemptEnd cancelledEnd(boolean returned) {
        RunOutcome outcome = cancelledAs();
        if (outcome == RunOutcome.TIMED_OUT) {
            String error = "not finished within its timeout of " + timeout
                    + (returned ? "" : ", and it ignores its cancellation");
            return AttemptEnd.ended(RunOutcome.TIMED_OUT, error, elapsed(), returned);
        }
        return AttemptEnd.ended(RunOutcome.CANCELLED, "cancelled by the stop of the service", elapsed(), false);
    }

    private @Nullable RunOutcome cancelledAs() {
        synchronized (lock) {
            return cancelledAs;
        }
    }

    private void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception | Error e) {
            logged(log.atInfo(), e).log("a resource of a cancelled attempt could not be closed");
        }
    }

    /** The event of this run with its failure, which is written without its secrets where it shows any. */
    private LoggingEventBuilder logged(LoggingEventBuilder event, Throwable failure) {
        LoggingEventBuilder ofRun =
                event.addKeyValue("collection", run.collection()).addKeyValue("runId", run.id());
        if (parameters.secrets().isEmpty()) {
            return ofRun.setCause(failure);
        }
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return parameters.shownIn(trace.toString())
                ? ofRun.addKeyValue("failure", parameters.mask(trace.toString()))
                : ofRun.setCause(failure);
    }

    private Duration elapsed() {
        return environment.ticker().since(startNanos);
    }

    /** Bounded, without any secret, and without what no database takes as text: zero characters and halves of surrogate pairs. */
    private String clip(String unmasked) {
        String text = parameters.mask(unmasked);
        String clipped = text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR) + "…";
        StringBuilder storable = new StringBuilder(clipped.length());
        clipped.codePoints()
                .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
                .forEach(storable::appendCodePoint);
        return storable.toString();
    }
}
