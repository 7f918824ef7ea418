package org.collectionscheduler.run;

import java.time.Duration;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How runs are made in this process.
 *
 * @param maxConcurrentRuns attempts at a time
 * @param shutdownTimeout how long running attempts may go on when the service stops
 */
@ConfigurationProperties("scheduler")
public record RunProperties(
        @DefaultValue("10") int maxConcurrentRuns,
        @DefaultValue("30s") Duration shutdownTimeout) implements SettingsGroup {

    private static final int MOST = 1000;
    private static final Duration LONGEST_SHUTDOWN = Duration.ofHours(1);

    @Override
    public void check(Consumer<Problem> problems) {
        if (maxConcurrentRuns < 1 || maxConcurrentRuns > MOST) {
            problems.accept(new Problem(
                    "scheduler.max-concurrent-runs",
                    String.valueOf(maxConcurrentRuns),
                    "must lie between 1 and " + MOST,
                    "Write a whole number; each running attempt takes a thread"));
        }
        if (shutdownTimeout.compareTo(LONGEST_SHUTDOWN) > 0) {
            problems.accept(new Problem(
                    "scheduler.shutdown-timeout",
                    Durations.text(shutdownTimeout),
                    "must not be longer than 1h",
                    Durations.REMEDY));
        } else {
            Durations.checkNotNegative("scheduler.shutdown-timeout", shutdownTimeout, problems);
        }
    }
}
