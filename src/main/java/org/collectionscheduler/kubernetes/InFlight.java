package org.collectionscheduler.kubernetes;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The exchanges that one attempt has under way. Closing it aborts them, and every later one at once. */
final class InFlight implements AutoCloseable {

    private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    void add(Exchange exchange) {
        exchanges.add(exchange);
        if (closed.getCount() == 0) {
            exchange.close();
        }
    }

    void remove(Exchange exchange) {
        exchanges.remove(exchange);
    }

    /** Waits for {@code delay}. @return true when it was closed meanwhile */
    boolean awaitClosed(Duration delay) throws InterruptedException {
        return closed.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        closed.countDown();
        exchanges.forEach(Exchange::close);
    }
}
