package org.collectionscheduler.store;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.TransientDataAccessResourceException;

/**
 * Lets as many in as a pool has connections. The pool itself lets its users wait, too, but who gives a connection back to
 * it spins for as long as somebody waits: with more threads than connections that takes more time than the statements.
 */
final class ConnectionGate {

    private final Semaphore connections;
    private final long patienceMillis;

    ConnectionGate(HikariDataSource pool) {
        this.connections = new Semaphore(pool.getMaximumPoolSize());
        this.patienceMillis = pool.getConnectionTimeout();
    }

    /**
     * Waits for as long as the pool lets its users wait. Who has entered must leave.
     *
     * @throws TransientDataAccessResourceException when no connection became free, or the thread was interrupted
     */
    void enter() {
        try {
            if (!connections.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS)) {
                throw new TransientDataAccessResourceException("no connection was free in " + patienceMillis + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientDataAccessResourceException("interrupted while it waited for a connection", e);
        }
    }

    void leave() {
        connections.release();
    }
}
