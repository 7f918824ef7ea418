package org.collectionscheduler.run;

import java.time.Duration;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.schedule.Rules;

/**
 * A named, scheduled use of a collector, as it is in force.
 *
 * @param timeout of one attempt
 * @param parameters what its collector is given
 */
public record ScheduledCollection(
        String name, Collector collector, Rules rules, Duration timeout, RetryPolicy retry, Parameters parameters) {

    /** Of a collector that takes no parameters. */
    public ScheduledCollection(String name, Collector collector, Rules rules, Duration timeout, RetryPolicy retry) {
        this(name, collector, rules, timeout, retry, Parameters.NONE);
    }
}
