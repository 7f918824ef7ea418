package org.collectionscheduler.cluster;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a play came to.
 *
 * @param served slots with a successful run
 * @param passed slots that were passed over or served by a later run
 * @param takeovers runs that were attempted again after an attempt was given up
 * @param worstLateness of what began by its schedule once all was calm
 * @param servedWithin how long it took, from then on, until every collection had served a slot
 */
record Figures(
        ClusterPlan plan,
        Map<Hurt, Integer> hurts,
        long runs,
        long served,
        long passed,
        long takeovers,
        Duration worstLateness,
        Duration servedWithin) {

    Figures {
        hurts = new EnumMap<>(hurts);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    @Override
    public String toString() {
        return "cluster play of seed " + plan.seed() + ": " + plan.instances() + " instances, "
                + plan.collections().size() + " collections, " + runs + " runs, " + served + " slots served, " + passed
                + " passed over or caught up, " + takeovers + " runs taken over, hurts " + hurts
                + ", when calm every collection served within " + seconds(servedWithin) + ", worst lateness "
                + seconds(worstLateness);
    }
}
