package org.collectionscheduler.kubernetes;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.collectionscheduler.kubernetes.ApiException.Kind;
import org.jspecify.annotations.Nullable;

/** Threads that look at one namespace after the other, as many at a time as requests may be in flight. */
final class Crew {

    /** How long a thread that is told to end may take. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final List<String> namespaces;
    private final Work work;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable ApiException> failure = new AtomicReference<>();

    private Crew(List<String> namespaces, Work work) {
        this.namespaces = namespaces;
        this.work = work;
    }

    /** What is done with one namespace; called by several threads. */
    @FunctionalInterface
    interface Work {
        void on(String namespace) throws ApiException;
    }

    /**
     * Does the work on every namespace and waits for its end, at most for {@code bound}.
     *
     * @throws ApiException the first failure, or that it took too long; what has not been begun by then is left
     */
    static void each(List<String> namespaces, Duration bound, Work work) throws ApiException {
        Crew crew = new Crew(namespaces, work);
        int size = Math.max(1, Math.min(namespaces.size(), RequestGate.MOST_IN_FLIGHT));
        ExecutorService threads = Executors.newFixedThreadPool(size, new NamedThreads("kubernetes-count"));
        try {
            List<Future<@Nullable Void>> ends =
                    threads.invokeAll(Collections.nCopies(size, crew.member()), bound.toNanos(), TimeUnit.NANOSECONDS);
            crew.check(ends, bound);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Patience.cancelled();
        } finally {
            dismiss(threads);
        }
    }

    private Callable<@Nullable Void> member() {
        return () -> {
            for (int i = next.getAndIncrement();
                    i < namespaces.size() && failure.get() == null;
                    i = next.getAndIncrement()) {
                try {
                    work.on(namespaces.get(i));
                } catch (ApiException e) {
                    failure.compareAndSet(null, e);
                }
            }
            return null;
        };
    }

    private void check(List<Future<@Nullable Void>> ends, Duration bound) throws ApiException, InterruptedException {
        for (Future<@Nullable Void> end : ends) {
            try {
                end.get();
            } catch (CancellationException e) {
                throw ApiException.of(
                        Kind.STALLED,
                        "counting in " + namespaces.size() + " namespaces one by one took longer than "
                                + bound.toSeconds() + " s, half of the time that was left; raise the collection's"
                                + " timeout, or look at the API server's load");
            } catch (ExecutionException e) {
                throw new IllegalStateException("counting ended in a way that is not foreseen", e.getCause());
            }
        }
        ApiException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    /** None of them may use the connection when it has been given back. */
    private static void dismiss(ExecutorService threads) {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("threads that count do not end when they are interrupted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
