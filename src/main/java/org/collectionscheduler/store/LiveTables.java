package org.collectionscheduler.store;

import java.util.Set;

/**
 * Tables that describe live processes, so that they mean nothing in another database. Each package says so of its own.
 *
 * @param names as the migrations write them
 */
public record LiveTables(Set<String> names) {

    public LiveTables {
        names = Set.copyOf(names);
    }
}
