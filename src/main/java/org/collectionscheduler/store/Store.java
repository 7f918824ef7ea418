package org.collectionscheduler.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The database behind the service. Safe for use by many threads.
 *
 * <p>Failures that may pass are tried again, briefly; then {@link StoreUnavailableException} tells the caller, who
 * knows how long its own work can wait. Everything else is a mistake in a statement and is thrown as it is.
 */
public final class Store implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Store.class);

    private static final RetryPolicy POLICY = RetryPolicy.builder()
            .maxRetries(3)
            .delay(Duration.ofMillis(50))
            .multiplier(3)
            .jitter(Duration.ofMillis(20))
            .predicate(Unavailability::isBehind)
            .build();

    private final HikariDataSource writer;
    private final HikariDataSource reader;
    private final AutoCloseable lock;
    private final Clock clock;
    private final JdbcClient reads;
    private final ConnectionGate readGate;
    private final Coalescer commits;
    private final Coalescer looks;
    private final RetryTemplate retry = new RetryTemplate(POLICY);
    private volatile StoreStatus status;

    /**
     * @param writer the connections for writes
     * @param reader the connections for reads; may be {@code writer}
     * @param lock released when the store is closed
     */
    Store(HikariDataSource writer, HikariDataSource reader, AutoCloseable lock, Clock clock) {
        this(writer, reader, reader, lock, clock);
    }

    /** @param looker the connections for reads that are made together: one of the others */
    Store(HikariDataSource writer, HikariDataSource reader, HikariDataSource looker, AutoCloseable lock, Clock clock) {
        this.writer = writer;
        this.reader = reader;
        this.lock = lock;
        this.clock = clock;
        this.reads = JdbcClient.create(reader);
        this.readGate = new ConnectionGate(reader);
        ConnectionGate writeGate = reader == writer ? readGate : new ConnectionGate(writer);
        this.commits = Coalescer.ofTransactions(writer, writeGate);
        this.looks = Coalescer.ofStatements(looker, looker == writer ? writeGate : readGate);
        this.status = StoreStatus.writable(clock.instant());
    }

    /**
     * Runs {@code work} in one transaction, which it may share with the writes of other threads. It may run several
     * times, so it must have no effect but on the database; and an earlier time may have been committed without this
     * process being told, so it must recognize its own rows. It may run on another writer's thread, so it takes no lock.
     *
     * @throws StoreUnavailableException when the store did not acknowledge the transaction
     */
    public <T extends @Nullable Object> T write(Function<JdbcClient, T> work) {
        return write((jdbc, batches, single) -> Collections.singletonList(work.apply(jdbc)), work);
    }

    /**
     * As {@link #write(Function)}, together with what other threads ask of the same {@code change}.
     *
     * @throws StoreUnavailableException when the store did not acknowledge the transaction
     */
    public <C, R extends @Nullable Object> R write(Batch<C, R> change, C command) {
        AtomicBoolean failed = new AtomicBoolean();
        try {
            R result = withRetries("write", () -> {
                // What has failed is tried again alone: it may be what made the others fail.
                return failed.getAndSet(true) ? commits.makeAlone(change, command) : commits.make(change, command);
            });
            markWritable();
            return result;
        } catch (StoreUnavailableException e) {
            // One that gave up because it was interrupted says nothing about the store.
            if (!Thread.currentThread().isInterrupted()) {
                markUnwritable(e);
            }
            throw e;
        }
    }

    /**
     * Runs {@code work} on the last committed state.
     *
     * @throws StoreUnavailableException when nothing could be read
     */
    public <T extends @Nullable Object> T read(Function<JdbcClient, T> work) {
        return withRetries("read", () -> onOneConnection(work));
    }

    /**
     * As {@link #read(Function)}, together with what other threads ask of the same {@code look}.
     *
     * @throws StoreUnavailableException when nothing could be read
     */
    public <C, R extends @Nullable Object> R read(Batch<C, R> look, C command) {
        return withRetries("read", () -> looks.make(look, command));
    }

    /**
     * Returns at once while writing works; while it does not, tries it.
     *
     * @throws StoreUnavailableException when nothing can be written
     */
    public void requireWritable() {
        if (!status.isWritable()) {
            write(this::touch);
        }
    }

    /** Brings the tables to the shape that this build knows. */
    void migrate(Migrations.Location location) {
        UnfinishedMove.refuse(writer, location);
        Migrations.apply(writer, location);
    }

    /** Whether the last write went through, and since when not. */
    public StoreStatus status() {
        return status;
    }

    /** Writes for no other reason than to learn whether writing works; the result is in {@link #status()}. */
    public void probe() {
        try {
            write(this::touch);
        } catch (StoreUnavailableException e) {
            log.atDebug().setCause(e).log("the store is still unavailable");
        }
    }

    @Override
    public void close() {
        writer.close();
        if (reader != writer) {
            reader.close();
        }
        try {
            lock.close();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("the lock of the store directory could not be released");
        } catch (Exception e) {
            throw new IllegalStateException("the lock of the store could not be released", e);
        }
    }

    private <T extends @Nullable Object> T onOneConnection(Function<JdbcClient, T> work) {
        if (TransactionSynchronizationManager.hasResource(reader)) {
            return work.apply(reads);
        }
        readGate.enter();
        try {
            List<T> result = new ArrayList<>(1);
            Coalescer.onOneConnection(reader, () -> result.add(work.apply(reads)));
            return result.get(0);
        } finally {
            readGate.leave();
        }
    }

    private int touch(JdbcClient jdbc) {
        return jdbc.sql("UPDATE deployment SET probed_at = :now")
                .param("now", clock.millis())
                .update();
    }

    private <T extends @Nullable Object> T withRetries(String what, Retryable<T> work) {
        try {
            return retry.execute(work);
        } catch (RetryException e) {
            Throwable cause = e.getCause();
            if (Unavailability.isBehind(cause)) {
                throw new StoreUnavailableException(
                        "the store did not take a " + what + ": " + Unavailability.reason(cause), cause);
            }
            if (cause instanceof RuntimeException mistake) {
                throw mistake;
            }
            if (cause instanceof Error fatal) {
                throw fatal;
            }
            throw new IllegalStateException("the store failed in a " + what, cause);
        }
    }

    private synchronized void markWritable() {
        StoreStatus before = status;
        status = StoreStatus.writable(clock.instant());
        if (!before.isWritable()) {
            log.atInfo().addKeyValue("since", before.since()).log("store is writable again");
        }
    }

    private synchronized void markUnwritable(StoreUnavailableException e) {
        StoreStatus before = status;
        Instant since = before.isWritable() ? clock.instant() : before.since();
        status = StoreStatus.unwritable(since, String.valueOf(e.getMessage()));
        if (before.isWritable()) {
            log.atError().addKeyValue("reason", e.getMessage()).log("store cannot be written");
        }
    }
}
