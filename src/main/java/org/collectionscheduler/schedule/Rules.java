package org.collectionscheduler.schedule;

import java.time.Duration;

/**
 * What a collection's definition says about time.
 *
 * @param minimumInterval the least time between two starts of which the later one is of kind {@code START}
 */
public record Rules(Schedule schedule, MissedRuns missedRuns, RunOnStart runOnStart, Duration minimumInterval) {}
