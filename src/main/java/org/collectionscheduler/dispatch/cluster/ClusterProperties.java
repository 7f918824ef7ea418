package org.collectionscheduler.dispatch.cluster;

import java.time.Duration;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the instances of a deployment agree.
 *
 * @param lease after so long without a sign of life an instance counts as ended, and others make its attempts; renewed
 *     four times in that time
 * @param pollInterval how often an instance looks for what is due, should nothing have told it
 * @param connections of the engine to the database, beside those of the store
 */
@ConfigurationProperties("scheduler.cluster")
record ClusterProperties(
        @DefaultValue("16s") Duration lease,
        @DefaultValue("2s") Duration pollInterval,
        @DefaultValue("8") int connections)
        implements SettingsGroup {

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(4);
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(10);
    private static final Duration SHORTEST_POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(5);
    private static final int FEWEST_CONNECTIONS = 2;
    private static final int MOST_CONNECTIONS = 100;

    /** A renewal may be late three times over before the lease is lost. */
    private static final int RENEWALS = 4;

    Duration renewal() {
        return lease.dividedBy(RENEWALS);
    }

    @Override
    public void check(Consumer<Problem> problems) {
        checkBetween("lease", lease, SHORTEST_LEASE, LONGEST_LEASE, problems);
        checkBetween("poll-interval", pollInterval, SHORTEST_POLL, LONGEST_POLL, problems);
        if (connections < FEWEST_CONNECTIONS || connections > MOST_CONNECTIONS) {
            problems.accept(new Problem(
                    "scheduler.cluster.connections",
                    String.valueOf(connections),
                    "must lie between " + FEWEST_CONNECTIONS + " and " + MOST_CONNECTIONS,
                    "Write a whole number; a waking needs one for a moment"));
        }
    }

    private static void checkBetween(
            String key, Duration value, Duration shortest, Duration longest, Consumer<Problem> problems) {
        if (value.compareTo(shortest) < 0 || value.compareTo(longest) > 0) {
            problems.accept(new Problem(
                    "scheduler.cluster." + key,
                    Durations.text(value),
                    "must lie between " + Durations.text(shortest) + " and " + Durations.text(longest),
                    Durations.REMEDY));
        }
    }
}
