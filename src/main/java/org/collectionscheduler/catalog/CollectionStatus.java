package org.collectionscheduler.catalog;

import java.time.Duration;
import java.time.Instant;
import org.collectionscheduler.run.CollectionRecord;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.StuckAttempt;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.SlotRange;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a collection at one moment.
 *
 * @param nextRunAt when its schedule has it run next; null when it does not
 * @param due slots that have come and are not served; null when there are none
 * @param active the unfinished run; null when there is none
 * @param last the run that finished last, skipped ones aside; null before the first
 * @param stuck an attempt that ignores its cancellation; null when there is none
 */
public record CollectionStatus(
        Definition definition,
        CollectionRecord record,
        CollectionState state,
        Duration offset,
        @Nullable Instant nextRunAt,
        @Nullable SlotRange due,
        @Nullable Run active,
        @Nullable Run last,
        @Nullable StuckAttempt stuck) {

    public String name() {
        return definition.name();
    }
}
