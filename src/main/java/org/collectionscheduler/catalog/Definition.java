package org.collectionscheduler.catalog;

import java.time.Duration;
import java.time.Instant;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.DeclaredBy;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.run.Registration;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Offset;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.Rules;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.schedule.Schedule;

/**
 * A collection as it is declared, in bounds, before it has an anchor.
 *
 * @param configuredRhythm as written; {@link #rhythm()} is what is in force
 * @param quiet when its slots are not served
 * @param parameters what its collector is given
 */
public record Definition(
        String name,
        Collector collector,
        boolean enabled,
        Rhythm configuredRhythm,
        Duration maxOffset,
        Policies policies,
        QuietTimes quiet,
        RunOnStart runOnStart,
        Parameters parameters) {

    /** The rhythm in force: an interval is never shorter than the collector's minimum. */
    public Rhythm rhythm() {
        return isRaised() ? new Rhythm.Interval(collector.minimumInterval()) : configuredRhythm;
    }

    /** Whether the configured interval is shorter than the collector's minimum. */
    public boolean isRaised() {
        return configuredRhythm instanceof Rhythm.Interval interval
                && interval.every().compareTo(collector.minimumInterval()) < 0;
    }

    /** Of one attempt. */
    public Duration timeout() {
        return policies.run().timeout();
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
        return rhythm().schedule(anchor, offset(seed));
    }

    public Rules rules(Schedule schedule) {
        return new Rules(schedule, quiet, policies.start(), runOnStart, collector.minimumInterval());
    }

    /** What its registration by the configuration says, in the deployment with that seed. */
    public Registration registration(String seed) {
        return registration(seed, DeclaredBy.CONFIGURATION);
    }

    /** What its registration says, in the deployment with that seed. */
    Registration registration(String seed, DeclaredBy by) {
        return new Registration(
                name, collector.name(), state(), by, anchor -> schedule(seed, anchor), Declarations.text(this));
    }

    /** As it is run. */
    ScheduledCollection scheduled(Schedule schedule) {
        return new ScheduledCollection(
                name, collector, rules(schedule), policies.run(), parameters, Declarations.text(this));
    }
}
