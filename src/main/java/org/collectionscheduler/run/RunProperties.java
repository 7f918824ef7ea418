package org.collectionscheduler.run;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How runs are made in this process.
 *
 * @param maxConcurrentRuns attempts at a time
 * @param shutdownTimeout how long running attempts may go on when the service stops
 * @param collectors by name; names compare without case and dashes
 */
@ConfigurationProperties("scheduler")
public record RunProperties(
        @DefaultValue("10") int maxConcurrentRuns,
        @DefaultValue("30s") Duration shutdownTimeout,
        @Nullable Map<String, CollectorLimits> collectors)
        implements SettingsGroup {

    private static final int MOST = 1000;
    private static final Duration LONGEST_SHUTDOWN = Duration.ofHours(1);

    /**
     * What is said of one collector.
     *
     * @param maxConcurrentRuns attempts at a time of all its collections together; null for no limit of its own
     */
    public record CollectorLimits(@Nullable Integer maxConcurrentRuns) {}

    /** Never null. */
    @Override
    public Map<String, CollectorLimits> collectors() {
        return collectors == null ? Map.of() : collectors;
    }

    /** Attempts at a time of the collector of that name. */
    int maxConcurrentRuns(String collector) {
        return collectors().entrySet().stream()
                .filter(entry -> Names.canonical(entry.getKey()).equals(Names.canonical(collector)))
                .map(entry -> entry.getValue().maxConcurrentRuns())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(maxConcurrentRuns);
    }

    @Override
    public void check(Consumer<Problem> problems) {
        if (maxConcurrentRuns < 1 || maxConcurrentRuns > MOST) {
            problems.accept(new Problem(
                    "scheduler.max-concurrent-runs",
                    String.valueOf(maxConcurrentRuns),
                    "must lie between 1 and " + MOST,
                    "Write a whole number; each running attempt takes a thread"));
        }
        collectors().forEach((name, limits) -> {
            Integer most = limits.maxConcurrentRuns();
            if (most != null && (most < 1 || most > MOST)) {
                problems.accept(new Problem(
                        "scheduler.collectors." + name + ".max-concurrent-runs",
                        most.toString(),
                        "must lie between 1 and " + MOST,
                        "Write a whole number, or disable the collections that must not run"));
            }
        });
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
