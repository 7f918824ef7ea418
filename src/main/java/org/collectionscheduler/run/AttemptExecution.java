package org.collectionscheduler.run;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * One attempt while it is made: the collector on the thread that calls {@link #run}, watched by a timer. The thread is
 * lent: to start one takes longer than a run that finds little to do. A collector that does not return keeps it.
 *
 * <p>It must be a platform thread even where virtual threads exist: code that spins or hangs in native calls keeps a
 * virtual thread's carrier, and there are only as many carriers as cores, so a few such collectors would stop all others.
 */
final class AttemptExecution implements CollectionContext {

    private static final Logger log = LoggerFactory.getLogger(AttemptExecution.class);
    private static final int LONGEST_ERROR = 1000;
    private static final int REPLACEMENT = 0xFFFD;

    /** When a thread was refused that an end needs. */
    private static final Duration NEXT_TRY = Duration.ofSeconds(1);

    /**
     * What does not belong to one attempt alone.
     *
     * @param timer says when an attempt has lasted too long; does nothing that can block
     * @param threads does at once what may block
     */
    record Environment(
            Clock clock,
            Ticker ticker,
            Pseudonyms pseudonyms,
            Envelope envelope,
            ScheduledExecutorService timer,
            Executor threads,
            Runnable exhaustedHeap) {}

    private final Run run;
    private final Collector collector;
    private final Parameters parameters;
    private final Duration timeout;
    private final Environment environment;
    private final long startNanos;
    private final Object lock = new Object();
    private final Object interrupting = new Object();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private @Nullable RunOutcome cancelledAs;

    /** While the collector is on its thread; guarded by {@code interrupting}. */
    private @Nullable Thread interruptible;

    /** While the collector has a thread, which has other work before and after it; guarded by the lock. */
    private @Nullable Worker worker;

    /** What the timer is to do next for this attempt; guarded by the lock. */
    private @Nullable Future<?> watch;

    private boolean ended;
    private volatile boolean stuck;

    /**
     * Who makes the attempt.
     *
     * @param patience how long it may take to return when it is cancelled
     * @param whenIgnored is told the end of the attempt when it has not
     */
    private record Worker(Thread thread, Duration patience, Consumer<AttemptEnd> whenIgnored) {}

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
     * Makes the attempt, unless it was cancelled before, and cancels it when its timeout has passed. Returns when the
     * collector has, whenever that is.
     *
     * @param patience how long a cancelled collector may take to return
     * @param whenIgnored is told on another thread, once, how the attempt ended, when the collector did not return in
     *     time; it has not succeeded then, whatever it does later
     * @return how it ended; empty when {@code whenIgnored} is or will be told
     * @throws RuntimeException when the timer takes nothing more: the attempt was not begun, and nobody is told anything
     */
    Optional<AttemptEnd> run(Duration patience, Consumer<AttemptEnd> whenIgnored) {
        Worker me = new Worker(Thread.currentThread(), patience, whenIgnored);
        return mayBegin(me) ? workOnLentThread(me.thread()) : Optional.of(cancelledEnd());
    }

    /** False when it was cancelled before it had a thread. */
    private boolean mayBegin(Worker candidate) {
        synchronized (lock) {
            if (cancelledAs != null) {
                ended = true;
                return false;
            }
            watch = later(() -> cancel(RunOutcome.TIMED_OUT), timeout);
            worker = candidate;
            return true;
        }
    }

    private Future<?> later(Runnable task, Duration delay) {
        return environment.timer().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Interrupts the collector and closes its resources; the attempt ends with {@code outcome}. */
    void cancel(RunOutcome outcome) {
        Deque<AutoCloseable> toClose;
        synchronized (lock) {
            if (cancelledAs != null || ended) {
                return;
            }
            cancelledAs = outcome;
            toClose = new ArrayDeque<>(resources);
            resources.clear();
            Worker cancelled = worker;
            if (cancelled != null) {
                unwatch();
                watch = later(() -> giveUp(cancelled), cancelled.patience());
            }
        }
        // Both may block like the call that they end.
        elsewhere(this::interrupt);
        if (!toClose.isEmpty()) {
            elsewhere(() -> toClose.forEach(this::close));
        }
    }

    /** Only while the thread is this attempt's: its next work must not be hit. */
    private void interrupt() {
        synchronized (interrupting) {
            if (interruptible != null) {
                interruptible.interrupt();
            }
        }
    }

    private void unwatch() {
        if (watch != null) {
            watch.cancel(false);
            watch = null;
        }
    }

    /** The collector has been cancelled and has not returned in time. */
    private void giveUp(Worker of) {
        synchronized (lock) {
            if (ended) {
                return;
            }
            ended = true;
            stuck = true;
        }
        AttemptEnd end = ignoredEnd();
        elsewhere(() -> of.whenIgnored().accept(end));
    }

    /** On a thread that may block; should the machine refuse one, a little later. */
    private void elsewhere(Runnable work) {
        try {
            environment.threads().execute(work);
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            logged(log.atError(), e).log("no thread to end a cancelled attempt; tried again");
            Future<?> unused = later(() -> elsewhere(work), NEXT_TRY);
        }
    }

    /** True from when the attempt was given up until its collector returns: it does not heed its cancellation. */
    boolean isStuck() {
        return stuck;
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
    private Optional<AttemptEnd> workOnLentThread(Thread thread) {
        String name = thread.getName();
        ClassLoader loader = thread.getContextClassLoader();
        // Nothing that came before is meant for this attempt.
        Thread.interrupted();
        try {
            thread.setName("collect-" + run.collection() + "-" + run.attempt());
            // What it looks up by name, it finds beside itself.
            thread.setContextClassLoader(collector.getClass().getClassLoader());
            return work();
        } finally {
            thread.setName(name);
            thread.setContextClassLoader(loader);
            thread.setPriority(Thread.NORM_PRIORITY);
            MDC.clear();
            Thread.interrupted();
        }
    }

    /** Empty when the attempt was given up meanwhile. */
    private Optional<AttemptEnd> work() {
        AttemptEnd result;
        letInterrupt(Thread.currentThread());
        try {
            result = cancelledAs() == null ? collect() : cancelledEnd();
        } catch (Throwable e) {
            // Describing a failure runs code of the failure itself.
            result = AttemptEnd.failed("the collector failed in a way that cannot be described", elapsed(), true);
        } finally {
            letInterrupt(null);
        }
        synchronized (lock) {
            worker = null;
            stuck = false;
            unwatch();
            if (ended) {
                return Optional.empty();
            }
            ended = true;
            return Optional.of(cancelledAs == null ? result : cancelledEnd());
        }
    }

    private void letInterrupt(@Nullable Thread thread) {
        synchronized (interrupting) {
            interruptible = thread;
        }
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

    /** Of one that has returned after its cancellation, or has not begun. */
    private AttemptEnd cancelledEnd() {
        return cancelledEnd("", true);
    }

    private AttemptEnd ignoredEnd() {
        return cancelledEnd(", and it ignores its cancellation", false);
    }

    private AttemptEnd cancelledEnd(String what, boolean worthRepeating) {
        RunOutcome as = cancelledAs();
        if (as == RunOutcome.TIMED_OUT) {
            return timedOutEnd(what, worthRepeating);
        }
        return as == RunOutcome.ABANDONED ? leaseLostEnd(what, worthRepeating) : stoppedEnd();
    }

    private AttemptEnd leaseLostEnd(String what, boolean worthRepeating) {
        String error = "the lease of its instance was lost" + what;
        return AttemptEnd.ended(RunOutcome.ABANDONED, error, elapsed(), worthRepeating);
    }

    private AttemptEnd timedOutEnd(String what, boolean worthRepeating) {
        String error = "not finished within its timeout of " + timeout + what;
        return AttemptEnd.ended(RunOutcome.TIMED_OUT, error, elapsed(), worthRepeating);
    }

    private AttemptEnd stoppedEnd() {
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
