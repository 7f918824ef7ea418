package org.collectionscheduler.run;

import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.schedule.Rules;

/**
 * A named, scheduled use of a collector, as it is in force.
 *
 * @param parameters what its collector is given
 * @param declaration the same text wherever it is declared in the same way
 */
public record ScheduledCollection(
        String name, Collector collector, Rules rules, RunPolicy policy, Parameters parameters, String declaration) {}
