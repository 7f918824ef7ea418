package org.collectionscheduler.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.collectionscheduler.run.CollectionRecord;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.StuckAttempt;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.schedule.SlotRange;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a collection at one moment.
 *
 * @param at that moment
 * @param inForce false while other instances declare it otherwise, and run it
 * @param schedule as it is declared here
 * @param nextRunAt when its schedule has it run next; null when it does not, or those who run it know
 * @param due slots that have come and are not served; null when there are none, or those who run it know
 * @param active the unfinished runs, oldest first
 * @param last the run that finished last, skipped ones aside; null before the first
 * @param stuck an attempt that ignores its cancellation; null when there is none
 */
public record CollectionStatus(
        Definition definition,
        CollectionRecord record,
        CollectionState state,
        Instant at,
        boolean inForce,
        Schedule schedule,
        @Nullable Instant nextRunAt,
        @Nullable SlotRange due,
        List<Run> active,
        @Nullable Run last,
        @Nullable StuckAttempt stuck) {

    public String name() {
        return definition.name();
    }

    /** By how much every slot is later than the rhythm alone says. */
    public Duration offset() {
        return schedule.offset();
    }
}
