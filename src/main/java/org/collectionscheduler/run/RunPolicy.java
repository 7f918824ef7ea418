package org.collectionscheduler.run;

import java.time.Duration;
import org.collectionscheduler.schedule.Suspension;

/**
 * How the runs of a collection are attempted, and what their failures lead to.
 *
 * @param timeout of one attempt
 */
public record RunPolicy(Duration timeout, RetryPolicy retry, Suspension suspension) {}
