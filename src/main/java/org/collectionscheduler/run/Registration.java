package org.collectionscheduler.run;

import java.time.Instant;
import java.util.function.Function;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Schedule;

/**
 * A collection as it is declared now.
 *
 * @param collector name of the collector
 * @param state {@code ACTIVE} or {@code DISABLED}
 * @param schedule made from the anchor, which is the present moment for a new collection
 * @param declaration the same text wherever it is declared in the same way
 */
public record Registration(
        String name,
        String collector,
        CollectionState state,
        DeclaredBy by,
        Function<Instant, Schedule> schedule,
        String declaration) {}
