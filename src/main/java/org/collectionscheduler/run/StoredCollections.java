package org.collectionscheduler.run;

import java.util.List;
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
}
