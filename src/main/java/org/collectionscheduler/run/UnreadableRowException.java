package org.collectionscheduler.run;

import org.jspecify.annotations.Nullable;

/** A stored row that this build cannot read: it was damaged, or written by something else. */
public final class UnreadableRowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param table the row's table
     * @param key the row's primary key
     */
    UnreadableRowException(String table, @Nullable String key, RuntimeException cause) {
        super("the row '" + key + "' of table '" + table + "' cannot be read: " + cause.getMessage(), cause);
    }
}
