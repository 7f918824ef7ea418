package org.collectionscheduler.store;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What an earlier run of the service has stored, if there is anything, for commands that change nothing. */
public final class StoreView implements AutoCloseable {

    static final StoreView NONE = new StoreView(null);

    private final @Nullable Store store;

    StoreView(@Nullable Store store) {
        this.store = store;
    }

    /**
     * Empty when nothing is stored.
     *
     * @throws StoreUnavailableException when something is, and cannot be read
     */
    public <T> Optional<T> read(Function<JdbcClient, T> work) {
        return store == null ? Optional.empty() : Optional.of(store.read(work));
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
