package org.collectionscheduler.kubernetes;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.kubernetes.ApiException.Kind;

/**
 * Bounds what all attempts of this process together ask of the API server: requests in flight, and requests a second,
 * evenly spaced. Safe for use by several threads.
 */
final class RequestGate {

    static final int MOST_IN_FLIGHT = 4;

    private final int requestsPerSecond;
    private final Semaphore places = new Semaphore(MOST_IN_FLIGHT, true);
    private final Bucket turns;

    RequestGate(int requestsPerSecond) {
        this.requestsPerSecond = requestsPerSecond;
        this.turns = Bucket.builder()
                .addLimit(limit -> limit.capacity(1).refillGreedy(requestsPerSecond, Duration.ofSeconds(1)))
                .withNanosecondPrecision()
                .build();
    }

    /** The right to have one request in flight. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits until fewer requests than allowed are in flight, at most for the time that the attempt has left. */
    Place enter(CollectionContext context) throws ApiException {
        try {
            if (!places.tryAcquire(context.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw tooSlow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Patience.cancelled();
        }
        return places::release;
    }

    /**
     * Takes the next turn to send a request.
     *
     * @return how long to wait for it
     * @throws ApiException when that is longer than the attempt has left
     */
    Duration turn(CollectionContext context) throws ApiException {
        Duration delay = Duration.ofNanos(turns.consumeIgnoringRateLimits(1));
        if (delay.compareTo(context.remaining()) > 0) {
            throw tooSlow();
        }
        return delay;
    }

    /** How long so many requests take at least. */
    Duration timeFor(long requests) {
        return Duration.ofSeconds(requests).dividedBy(requestsPerSecond);
    }

    private ApiException tooSlow() {
        return ApiException.of(
                Kind.OUT_OF_TIME,
                "the attempt's time was used up while its requests waited for their turn; raise the collection's"
                        + " timeout, or " + KubernetesProperties.RATE_KEY + ", which is " + requestsPerSecond);
    }
}
