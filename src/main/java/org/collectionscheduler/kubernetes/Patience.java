package org.collectionscheduler.kubernetes;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.collectionscheduler.collector.CollectionContext;
import org.jspecify.annotations.Nullable;

/** Bounds every wait of one request by its own limits and by the time that the attempt has left. */
final class Patience {

    private final CollectionContext context;
    private final RequestLimits limits;
    private final String action;
    private final LongSupplier nanos;
    private final long startedNanos;

    /**
     * @param action what is done, for messages
     * @param nanos monotonic time
     */
    Patience(CollectionContext context, RequestLimits limits, String action, LongSupplier nanos) {
        this.context = context;
        this.limits = limits;
        this.action = action;
        this.nanos = nanos;
        this.startedNanos = nanos.getAsLong();
    }

    /** @throws ExecutionException as the future ended; never with a cancellation, which is an {@link ApiException} */
    <T> T await(Future<T> future) throws ApiException, ExecutionException {
        try {
            return future.get(nextNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw runOut();
        } catch (CancellationException e) {
            throw cancelled();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    /** The queue's next element. */
    <T> T await(BlockingQueue<T> queue) throws ApiException {
        try {
            @Nullable T next = queue.poll(nextNanos(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw runOut();
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    static ApiException cancelled() {
        return ApiException.of(ApiException.Kind.CANCELLED, "the attempt was cancelled");
    }

    private long nextNanos() {
        long requestNanos = limits.total().toNanos() - (nanos.getAsLong() - startedNanos);
        long attemptNanos = context.remaining().toNanos();
        return Math.max(0, Math.min(limits.idle().toNanos(), Math.min(requestNanos, attemptNanos)));
    }

    private ApiException runOut() {
        Duration waited = Duration.ofNanos(nanos.getAsLong() - startedNanos);
        if (context.remaining().isZero()) {
            return ApiException.of(
                    ApiException.Kind.OUT_OF_TIME,
                    "the attempt's time was used up while waiting for the API server to " + action
                            + "; raise the collection's timeout if the cluster is large");
        }
        String silent = waited.compareTo(limits.total()) >= 0
                ? "took longer than " + limits.total().toSeconds() + " s"
                : "sent nothing for " + seconds(limits.idle());
        return ApiException.of(
                ApiException.Kind.STALLED,
                "the API server " + silent + " when asked to " + action
                        + "; look at its load and at the network between");
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
