package org.collectionscheduler.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store can be written.
 *
 * @param since the last successful write; while writing fails, the first failure
 * @param problem why writing fails; null while it works
 */
public record StoreStatus(Instant since, @Nullable String problem) {

    static StoreStatus writable(Instant now) {
        return new StoreStatus(now, null);
    }

    static StoreStatus unwritable(Instant since, String problem) {
        return new StoreStatus(since, problem);
    }

    public boolean isWritable() {
        return problem == null;
    }
}
