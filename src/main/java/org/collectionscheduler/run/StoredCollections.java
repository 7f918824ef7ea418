package org.collectionscheduler.run;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.collectionscheduler.store.StoreView;

/** What is stored of collections, for commands that change nothing. */
public final class StoredCollections {

    private final StoreView view;

    StoredCollections(StoreView view) {
        this.view = view;
    }

    /** Empty when nothing is stored. */
    public List<CollectionRecord> all() {
        return view.read(CollectionRepository::findAll).orElse(List.of());
    }

    /**
     * Collections that the service would not run, by name, and why: what is stored of them, or of an unfinished run of
     * theirs, cannot be read.
     */
    public Map<String, QuarantinedException> quarantined() {
        return view.read(jdbc -> {
                    Map<String, QuarantinedException> quarantined = new TreeMap<>();
                    BiConsumer<String, UnreadableRowException> unreadable = (name, reason) -> quarantined.putIfAbsent(
                            name, new QuarantinedException(name, String.valueOf(reason.getMessage())));
                    CollectionRepository.findUnreadable(jdbc, unreadable);
                    RunRepository.findUnreadableActive(jdbc, unreadable);
                    return quarantined;
                })
                .orElse(Map.of());
    }
}
