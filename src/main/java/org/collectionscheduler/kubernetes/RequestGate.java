package org.collectionscheduler.kubernetes;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.kubernetes.ApiException.Kind;

/**
 * Bounds what all attempts of this process together ask of the API server: requests in flight, and requests a second,
 * evenly spaced. Safe for use by several threads.
 */
final class RequestGate {

    static final int MOST_IN_FLIGHT = 4;

    private static final Duration LONGEST_HOLD = Duration.ofSeconds(30);

    private final int requestsPerSecond;
    private final Semaphore places = new Semaphore(MOST_IN_FLIGHT, true);
    private final Bucket turns;
    private final LongSupplier nanos;
    private final AtomicLong heldUntilNanos;

    /** @param nanos monotonic time */
    RequestGate(int requestsPerSecond, LongSupplier nanos) {
        this.requestsPerSecond = requestsPerSecond;
        this.nanos = nanos;
        this.heldUntilNanos = new AtomicLong(nanos.getAsLong());
        this.turns = Bucket.builder()
                .addLimit(limit -> limit.capacity(1).refillGreedy(requestsPerSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(new Turns(nanos))
                .build();
    }

    /** Lets turns come by the time that is given. */
    private record Turns(LongSupplier nanos) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanos.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
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
                throw tooSlow("waited for others that are in flight; raise the collection's timeout, or look at the"
                        + " API server's load");
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
        long held = heldUntilNanos.get() - nanos.getAsLong();
        Duration delay = Duration.ofNanos(Math.max(held, turns.consumeIgnoringRateLimits(1)));
        if (delay.compareTo(context.remaining()) > 0) {
            turns.addTokens(1);
            throw tooSlow("waited for their turn; raise the collection's timeout, or " + KubernetesProperties.RATE_KEY
                    + ", which is " + requestsPerSecond);
        }
        return delay;
    }

    /** Lets nobody send anything for so long, but at most half a minute: a server that asks for rest means all of us. */
    void hold(Duration rest) {
        long until = nanos.getAsLong() + Math.min(rest.toNanos(), LONGEST_HOLD.toNanos());
        heldUntilNanos.accumulateAndGet(until, (known, wanted) -> wanted - known > 0 ? wanted : known);
    }

    /** How long so many requests take at least. */
    Duration timeFor(long requests) {
        return Duration.ofSeconds(requests).dividedBy(requestsPerSecond);
    }

    private static ApiException tooSlow(String why) {
        return ApiException.of(Kind.OUT_OF_TIME, "the attempt's time was used up while its requests " + why);
    }
}
