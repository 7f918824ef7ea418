package org.collectionscheduler.store;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A change that many callers make, each of other rows. Those that meet are made together, which takes hardly more
 * statements than one.
 *
 * @param <C> says what one caller wants changed
 * @param <R> what it is told
 */
@FunctionalInterface
public interface BatchWrite<C, R extends @Nullable Object> {

    /**
     * Makes the changes within the caller's transaction, which may be undone and made again.
     *
     * @param jdbc one statement at a time
     * @param batches one statement for many rows, on the same connection
     * @param commands at least one
     * @return a result for each command, in their order
     */
    List<R> make(JdbcClient jdbc, NamedParameterJdbcOperations batches, List<C> commands);
}
