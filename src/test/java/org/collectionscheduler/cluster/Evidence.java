package org.collectionscheduler.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a play has left behind.
 *
 * @param until slots up to then must have been decided, and runs created until then have ended
 * @param skewed when the clock of an instance was wrong
 * @param frozen when the process of that number was stopped from outside
 * @param drained when the process of that number was told to take nothing more, and that was acknowledged
 */
record Evidence(
        List<PlannedCollection> planned,
        Stored stored,
        List<Activity> activities,
        Instant until,
        List<Span> skewed,
        Map<Long, List<Span>> frozen,
        Map<Long, Instant> drained) {

    Evidence {
        planned = List.copyOf(planned);
        activities = List.copyOf(activities);
    }
}
