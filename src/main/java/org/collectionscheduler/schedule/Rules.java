package org.collectionscheduler.schedule;

import java.time.Duration;

/**
 * What a collection's definition says about time.
 *
 * @param quiet when its slots are not served
 * @param minimumInterval the least time between two slots, and between two starts of which the later one is of kind
 *     {@code START}
 */
public record Rules(
        Schedule schedule, QuietTimes quiet, StartPolicy policy, RunOnStart runOnStart, Duration minimumInterval) {}
