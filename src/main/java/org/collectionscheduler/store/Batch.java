package org.collectionscheduler.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Something that many callers ask for, each of other rows: a change, or a look. What meets is done together, which takes
 * hardly more statements than one.
 *
 * @param <C> says what one caller asks for
 * @param <R> what it is told
 */
@FunctionalInterface
public interface Batch<C, R extends @Nullable Object> {

    /**
     * Does what was asked for. A change is a part of the caller's transaction, which may be undone and made again.
     *
     * @param jdbc one statement at a time
     * @param batches one statement for many rows, on the same connection
     * @param commands at least one
     * @return a result for each command, in their order
     */
    List<R> make(JdbcClient jdbc, NamedParameterJdbcOperations batches, List<C> commands);

    /**
     * As many as the next power of two, the last one repeated: for a list in a statement to which a repetition means
     * nothing. So the statement has few lengths, each of which a database plans once.
     *
     * @param values at least one
     */
    static <T> List<T> padded(Collection<T> values) {
        List<T> padded = new ArrayList<>(values);
        while (Integer.bitCount(padded.size()) > 1) {
            padded.add(padded.get(padded.size() - 1));
        }
        return padded;
    }
}
