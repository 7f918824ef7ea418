package org.collectionscheduler.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
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
        @Nullable Map<String, Limits> collectors)
        implements SettingsGroup, CollectorLimits {

    private static final int MOST = 1000;
    private static final Duration LONGEST_SHUTDOWN = Duration.ofHours(1);

    /**
     * What is said of one collector.
     *
     * @param maxConcurrentRuns attempts at a time of all its collections together in this process; null for no limit of its
     *     own
     * @param maxConcurrentRunsTotal the same in all instances of the deployment together
     */
    public record Limits(
            @Nullable Integer maxConcurrentRuns, @Nullable Integer maxConcurrentRunsTotal) {}

    /** Never null. */
    @Override
    public Map<String, Limits> collectors() {
        return collectors == null ? Map.of() : collectors;
    }

    @Override
    public int here(String collector) {
        int own = limit(collector, Limits::maxConcurrentRuns).orElse(maxConcurrentRuns);
        return Math.min(own, everywhere(collector).orElse(own));
    }

    @Override
    public OptionalInt everywhere(String collector) {
        return limit(collector, Limits::maxConcurrentRunsTotal)
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    private Optional<Integer> limit(String collector, Function<Limits, @Nullable Integer> which) {
        return collectors().entrySet().stream()
                .filter(entry -> Names.canonical(entry.getKey()).equals(Names.canonical(collector)))
                .flatMap(entry -> Stream.ofNullable(which.apply(entry.getValue())))
                .findFirst();
    }

    private static void checkLimit(String collector, String key, @Nullable Integer most, Consumer<Problem> problems) {
        if (most != null && (most < 1 || most > MOST)) {
            problems.accept(new Problem(
                    "scheduler.collectors." + collector + "." + key,
                    most.toString(),
                    "must lie between 1 and " + MOST,
                    "Write a whole number, or disable the collections that must not run"));
        }
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
            checkLimit(name, "max-concurrent-runs", limits.maxConcurrentRuns(), problems);
            checkLimit(name, "max-concurrent-runs-total", limits.maxConcurrentRunsTotal(), problems);
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
