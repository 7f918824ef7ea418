package org.collectionscheduler.run;

import java.time.Duration;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.schedule.Rules;

/**
 * A named, scheduled use of a collector, as it is in force.
 *
 * @param timeout of one attempt
 */
public record ScheduledCollection(String name, Collector collector, Rules rules, Duration timeout, RetryPolicy retry) {}
