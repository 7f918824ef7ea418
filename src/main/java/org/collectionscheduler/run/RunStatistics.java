package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.jspecify.annotations.Nullable;

/** Counts and percentiles over the stored runs. What retention has deleted is not in them, which they say. */
public final class RunStatistics {

    static final List<Duration> WINDOWS = List.of(Duration.ofHours(1), Duration.ofHours(24), Duration.ofDays(7));

    /** Counting all runs of a week may take long; it is done again when that is less than a twentieth of the time. */
    private static final int SHARE = 20;

    /** Of one collection, which overlaps itself that often at most, in any sensible configuration. */
    private static final long MOST_UNFINISHED = 100;

    private final Store store;
    private final StoreProperties.Retention retention;
    private final Clock clock;
    private final Ticker ticker;
    private @Nullable Answer ofAll;

    /** @param cost how long it took to read */
    private record Answer(Statistics statistics, long readAtNanos, Duration cost) {}

    RunStatistics(Store store, StoreProperties.Retention retention, Clock clock, Ticker ticker) {
        this.store = store;
        this.retention = retention;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * @param completeSince retention may have deleted some of the runs that ended before; null when it has deleted none
     *     that these numbers could count
     * @param windows from the shortest to the longest
     * @param unfinished how many runs are in which state now
     */
    public record Statistics(@Nullable Instant completeSince, List<Window> windows, Map<RunState, Long> unfinished) {}

    /**
     * Runs that ended in the time up to now.
     *
     * @param outcomes how many ended how; every outcome is there
     * @param successRate the share of the succeeded among those that succeeded or failed, from 0 to 1; null without any
     * @param duration of the last attempts
     * @param lateness of the first attempts of runs with a slot
     */
    public record Window(
            Duration length,
            Map<RunOutcome, Long> outcomes,
            @Nullable Double successRate,
            Percentiles duration,
            Percentiles lateness) {}

    /** How many runs of one collection succeeded, and how many failed. */
    public record Rate(long succeeded, long failed) {

        /** The share of the succeeded; from 0 to 1, and 1 without any run. */
        public double share() {
            return failed == 0 ? 1 : (double) succeeded / (succeeded + failed);
        }
    }

    /**
     * Over the last hour, day and week. Those of all collections may be as old as twenty times what it takes to count
     * them.
     *
     * @param collection null for all
     */
    public Statistics statistics(@Nullable String collection) {
        return collection == null ? ofAll() : read(collection);
    }

    /** One at a time, however many ask: decisions share the connections. Of one collection few rows are kept. */
    private synchronized Statistics ofAll() {
        Answer known = ofAll;
        if (known == null
                || ticker.since(known.readAtNanos()).compareTo(known.cost().multipliedBy(SHARE)) >= 0) {
            long start = ticker.nanos();
            Statistics counted = read(null);
            known = new Answer(counted, ticker.nanos(), ticker.since(start));
            ofAll = known;
        }
        return known.statistics();
    }

    private Statistics read(@Nullable String collection) {
        Instant now = clock.instant();
        return store.read(jdbc -> {
            StatisticsRepository rows = new StatisticsRepository(jdbc, collection, now, WINDOWS);
            List<Map<RunOutcome, Long>> outcomes = rows.outcomes();
            List<Percentiles> durations = rows.durations();
            List<Percentiles> lateness = rows.lateness();
            List<Window> windows = new ArrayList<>();
            for (int i = 0; i < WINDOWS.size(); i++) {
                windows.add(new Window(
                        WINDOWS.get(i),
                        outcomes.get(i),
                        successRate(outcomes.get(i)),
                        durations.get(i),
                        lateness.get(i)));
            }
            Map<RunState, Long> unfinished = rows.unfinished();
            return new Statistics(completeSince(rows, unfinished, now), windows, unfinished);
        });
    }

    /** Of each collection that has ended a run since {@code from}. */
    public Map<String, Rate> ratesSince(Instant from) {
        Map<String, Map<RunOutcome, Long>> counts = new LinkedHashMap<>();
        store.read(jdbc -> StatisticsRepository.outcomesByCollection(jdbc, from))
                .forEach(row -> counts.computeIfAbsent(row.collection(), name -> new EnumMap<>(RunOutcome.class))
                        .put(row.outcome(), row.count()));
        Map<String, Rate> rates = new LinkedHashMap<>();
        counts.forEach((name, outcomes) -> rates.put(name, rate(outcomes)));
        return rates;
    }

    /** Retention keeps a number of runs of each collection, unfinished ones among them, and as many skipped ones. */
    private @Nullable Instant completeSince(StatisticsRepository rows, Map<RunState, Long> unfinished, Instant now) {
        long among = unfinished.values().stream().mapToLong(Long::longValue).sum();
        long full = Math.max(1, retention.runs() - Math.min(among, MOST_UNFINISHED));
        Instant longest = now.minus(WINDOWS.get(WINDOWS.size() - 1));
        Instant byAge = now.minus(retention.age());
        Instant byCount = rows.oldestOfFull(full);
        Instant since = byCount == null || byCount.isBefore(byAge) ? byAge : byCount;
        return since.isAfter(longest) ? since : null;
    }

    private static @Nullable Double successRate(Map<RunOutcome, Long> outcomes) {
        Rate rate = rate(outcomes);
        return rate.succeeded() + rate.failed() == 0 ? null : (Double) rate.share();
    }

    /** What was skipped, or cancelled by the service's stop, is neither. */
    private static Rate rate(Map<RunOutcome, Long> outcomes) {
        long failed = outcomes.entrySet().stream()
                .filter(entry -> entry.getKey().isFailure())
                .mapToLong(Map.Entry::getValue)
                .sum();
        return new Rate(outcomes.getOrDefault(RunOutcome.SUCCEEDED, 0L), failed);
    }
}
