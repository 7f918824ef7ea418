package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.time.Instant;
import org.collectionscheduler.schedule.Schedule;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.TriggerContext;

/** Fires at each slot of a schedule: offset first, then at the fixed rate. Reads nothing, so it cannot fail. */
record SlotTrigger(Schedule schedule, Clock clock) implements Trigger {

    @Override
    public @Nullable Instant nextExecution(TriggerContext context) {
        return schedule.nextAfter(clock.instant()).orElse(null);
    }

    @Override
    public String toString() {
        return schedule.rhythm();
    }
}
