package org.collectionscheduler.catalog;

import java.time.Duration;
import java.time.Instant;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.run.RetryPolicy;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.IntervalSchedule;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.Offset;
import org.collectionscheduler.schedule.Rules;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.schedule.Schedule;

/**
 * A collection as it is declared, in bounds, before it has an anchor.
 *
 * @param configuredInterval as written; {@link #interval()} is what is in force
 * @param timeout of one attempt
 * @param parameters what its collector is given
 */
public record Definition(
        String name,
        Collector collector,
        boolean enabled,
        Duration configuredInterval,
        Duration maxOffset,
        Duration timeout,
        MissedRuns missedRuns,
        RunOnStart runOnStart,
        Parameters parameters) {

    /** The interval in force: never shorter than the collector's minimum. */
    public Duration interval() {
        return isRaised() ? collector.minimumInterval() : configuredInterval;
    }

    /** Whether the configured interval is shorter than the collector's minimum. */
    public boolean isRaised() {
        return configuredInterval.compareTo(collector.minimumInterval()) < 0;
    }

    public CollectionState state() {
        return enabled ? CollectionState.ACTIVE : CollectionState.DISABLED;
    }

    /** The offset of this collection in the deployment with that seed. */
    public Duration offset(String seed) {
        return Offset.of(seed, name, maxOffset);
    }

    /** The schedule of this collection, first registered at {@code anchor}, in the deployment with that seed. */
    public Schedule schedule(String seed, Instant anchor) {
        return new IntervalSchedule(anchor, offset(seed), interval());
    }

    public Rules rules(Schedule schedule) {
        return new Rules(schedule, missedRuns, runOnStart, collector.minimumInterval());
    }

    /** As it is run. */
    ScheduledCollection scheduled(Schedule schedule) {
        return new ScheduledCollection(name, collector, rules(schedule), timeout, RetryPolicy.DEFAULT, parameters);
    }
}
