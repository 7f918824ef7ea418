package org.collectionscheduler.run;

import java.util.List;
import java.util.Optional;
import org.collectionscheduler.store.Store;
import org.jspecify.annotations.Nullable;

/** What is stored of runs, for whoever shows it. Every method may throw {@code StoreUnavailableException}. */
public final class RunHistory {

    private final Store store;

    RunHistory(Store store) {
        this.store = store;
    }

    /** Every collection that ever was, by name. */
    public List<CollectionRecord> collections() {
        return store.read(CollectionRepository::findAll);
    }

    /**
     * The wanted runs, newest first.
     *
     * @param after begins behind that position; null for the beginning
     * @param limit at least 1
     */
    public HistoryPage<Run> runs(RunFilter filter, @Nullable RowPosition after, int limit) {
        return HistoryPage.of(store.read(jdbc -> RunRepository.find(jdbc, filter, after, limit + 1)), limit);
    }

    /**
     * Changes by hand, newest first.
     *
     * @param collection null for all
     * @param after begins behind that position; null for the beginning
     * @param limit at least 1
     */
    public HistoryPage<AuditEntry> audit(@Nullable String collection, @Nullable RowPosition after, int limit) {
        return HistoryPage.of(
                store.read(jdbc -> AuditRepository.findNewest(jdbc, collection, after, limit + 1)), limit);
    }

    /** Unfinished runs, of which the row can be read. */
    public List<Run> active() {
        return store.read(RunRepository::findAllActive);
    }

    /** @throws UnreadableRowException when its row cannot be read */
    public Optional<Run> run(String id) {
        return store.read(jdbc -> RunRepository.find(jdbc, id));
    }

    /** Attempts of a run in their order; empty for an unknown run. */
    public List<Attempt> attempts(String runId) {
        return store.read(jdbc -> RunRepository.find(jdbc, runId)
                .map(run -> AttemptRepository.findAll(jdbc, run))
                .orElse(List.of()));
    }

    /** @throws UnreadableRowException when its row cannot be read */
    public Optional<Payload> payload(String id) {
        return store.read(jdbc -> PayloadRepository.find(jdbc, id));
    }

    /**
     * Ids of payloads, newest first: payloads are large, so they are read one at a time.
     *
     * @param collection null for all
     */
    public List<String> newestPayloadIds(@Nullable String collection, int limit) {
        return store.read(jdbc -> PayloadRepository.findNewestIds(jdbc, collection, limit));
    }
}
