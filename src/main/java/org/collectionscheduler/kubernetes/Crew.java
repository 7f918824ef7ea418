package org.collectionscheduler.kubernetes;

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
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.kubernetes.ApiException.Kind;
import org.jspecify.annotations.Nullable;

/** Threads that ask for one item after the other, as many at a time as requests may be in flight. */
final class Crew<I> {

    private final List<I> items;
    private final Work<I> work;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable ApiException> failure = new AtomicReference<>();

    private Crew(List<I> items, Work<I> work) {
        this.items = items;
        this.work = work;
    }

    /** What is done with one item; called by several threads. */
    @FunctionalInterface
    interface Work<I> {
        void on(I item) throws ApiException;
    }

    /**
     * Does the work on every item and waits for its end, at most for the time that the attempt has left.
     *
     * @throws ApiException the first failure; what has not been begun by then is left
     */
    static <I> void each(List<I> items, CollectionContext context, Work<I> work) throws ApiException {
        Crew<I> crew = new Crew<>(items, work);
        int size = Math.max(1, Math.min(items.size(), RequestGate.MOST_IN_FLIGHT));
        ExecutorService threads = Executors.newFixedThreadPool(size, new NamedThreads("kubernetes-count"));
        try {
            crew.awaitAll(threads.invokeAll(
                    Collections.nCopies(size, crew.member()),
                    context.remaining().toNanos(),
                    TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Patience.cancelled();
        } finally {
            threads.shutdownNow();
        }
    }

    private Callable<@Nullable Void> member() {
        return () -> {
            for (int i = next.getAndIncrement();
                    i < items.size() && failure.get() == null;
                    i = next.getAndIncrement()) {
                try {
                    work.on(items.get(i));
                } catch (ApiException e) {
                    failure.compareAndSet(null, e);
                }
            }
            return null;
        };
    }

    private void awaitAll(List<Future<@Nullable Void>> ends) throws ApiException, InterruptedException {
        for (Future<@Nullable Void> end : ends) {
            try {
                end.get();
            } catch (CancellationException e) {
                throw ApiException.of(
                        Kind.OUT_OF_TIME,
                        "the attempt's time was used up while " + items.size()
                                + " namespaces were counted; raise the collection's timeout");
            } catch (ExecutionException e) {
                throw new IllegalStateException("counting ended in a way that is not foreseen", e.getCause());
            }
        }
        ApiException first = failure.get();
        if (first != null) {
            throw first;
        }
    }
}
