package org.collectionscheduler.run;

import org.collectionscheduler.schedule.CollectionState;

/**
 * What the declaration of a collection leaves in the store.
 *
 * @param collector name of the collector
 * @param state {@code ACTIVE}, {@code DISABLED}, {@code RETIRED} or {@code QUARANTINED}
 * @param rhythm as {@code Schedule.rhythm()} says it
 * @param text the same wherever the collection is declared in the same way
 */
record Declaration(String collector, CollectionState state, DeclaredBy by, String rhythm, String text) {}
