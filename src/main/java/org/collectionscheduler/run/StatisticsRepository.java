package org.collectionscheduler.run;

import static org.collectionscheduler.run.Columns.nullableInstant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Counts of finished runs over several windows up to now. Each look at them serves all windows; percentiles are found
 * from how often each value occurs, for their functions differ from database to database.
 */
final class StatisticsRepository {

    /**
     * No number is greater. What is stored in place of a number is to some databases, which order any text behind all
     * numbers: it is counted nowhere.
     */
    private static final long MOST = Long.MAX_VALUE;

    private final JdbcClient jdbc;
    private final List<Duration> windows;
    private final String condition;
    private final String sums;
    private final Map<String, Object> parameters = new HashMap<>();

    /**
     * @param collection null for all
     * @param windows from the shortest to the longest
     */
    StatisticsRepository(JdbcClient jdbc, @Nullable String collection, Instant now, List<Duration> windows) {
        this.jdbc = jdbc;
        this.windows = windows;
        condition = "finished_at BETWEEN :from" + (windows.size() - 1) + " AND :most"
                + (collection == null ? "" : " AND collection = :collection");
        sums = IntStream.range(0, windows.size())
                .mapToObj(i -> "SUM(CASE WHEN finished_at >= :from" + i + " THEN 1 ELSE 0 END) AS n" + i)
                .collect(Collectors.joining(", "));
        parameters.put("most", MOST);
        for (int i = 0; i < windows.size(); i++) {
            parameters.put("from" + i, now.minus(windows.get(i)).toEpochMilli());
        }
        if (collection != null) {
            parameters.put("collection", collection);
        }
    }

    /** For each window, how many runs ended how; every outcome is there. */
    List<Map<RunOutcome, Long>> outcomes() {
        List<Map<RunOutcome, Long>> counts = new ArrayList<>();
        windows.forEach(window -> {
            Map<RunOutcome, Long> none = new EnumMap<>(RunOutcome.class);
            Arrays.stream(RunOutcome.values()).forEach(outcome -> none.put(outcome, 0L));
            counts.add(none);
        });
        query("SELECT outcome, " + sums + " FROM run WHERE " + condition + " GROUP BY outcome", row -> {
            Optional<RunOutcome> outcome = outcome(row);
            for (int i = 0; outcome.isPresent() && i < windows.size(); i++) {
                counts.get(i).put(outcome.get(), row.getLong("n" + i));
            }
        });
        return counts;
    }

    /** For each window, of the last attempts of runs that were attempted. */
    List<Percentiles> durations() {
        return percentiles("duration_ms", "started_at <= :most AND duration_ms <= :most");
    }

    /** For each window, of runs with a slot that were attempted; a start before its slot is not late. */
    List<Percentiles> lateness() {
        return percentiles(
                "CASE WHEN started_at > scheduled_at THEN started_at - scheduled_at ELSE 0 END",
                "started_at <= :most AND scheduled_at <= :most");
    }

    /** How many runs are in which state, finished ones aside. */
    Map<RunState, Long> unfinished() {
        Map<RunState, Long> states = new EnumMap<>(RunState.class);
        Arrays.stream(RunState.values())
                .filter(state -> state != RunState.FINISHED)
                .forEach(state -> states.put(state, 0L));
        String only = parameters.containsKey("collection") ? " AND collection = :collection" : "";
        query("SELECT state, COUNT(*) AS n FROM run WHERE state <> 'FINISHED'" + only + " GROUP BY state", row -> {
            String name = row.getString("state");
            long count = row.getLong("n");
            states.replaceAll((state, none) -> state.name().equals(name) ? (Long) count : none);
        });
        return states;
    }

    /**
     * Among the collections with at least {@code kept} runs in the longest window, skipped ones counted on their own, of
     * which older ones may therefore be deleted: the latest beginning of what is left. Null when there is no such
     * collection.
     */
    @Nullable Instant oldestOfFull(long kept) {
        return jdbc.sql(
                        "SELECT MAX(first) AS latest FROM (SELECT MIN(finished_at) AS first FROM run WHERE " + condition
                                + " GROUP BY collection, CASE WHEN outcome = 'SKIPPED' THEN 1 ELSE 0 END HAVING COUNT(*) >= :kept) AS full_ones")
                .params(parameters)
                .param("kept", kept)
                .query((row, number) -> Optional.ofNullable(nullableInstant(row, "latest")))
                .single()
                .orElse(null);
    }

    /** How often runs of one collection ended so. */
    record OutcomeCount(String collection, RunOutcome outcome, long count) {}

    static List<OutcomeCount> outcomesByCollection(JdbcClient jdbc, Instant from) {
        return jdbc
                .sql("""
                SELECT collection, outcome, COUNT(*) AS n FROM run
                WHERE finished_at BETWEEN :from AND :most GROUP BY collection, outcome
                """)
                .param("from", from.toEpochMilli())
                .param("most", MOST)
                .query((row, number) -> {
                    long count = row.getLong("n");
                    String collection = row.getString("collection");
                    return outcome(row).map(outcome -> new OutcomeCount(collection, outcome, count));
                })
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private List<Percentiles> percentiles(String value, String also) {
        List<SortedMap<Long, Long>> counts = new ArrayList<>();
        windows.forEach(window -> counts.add(new TreeMap<>()));
        String sql = "SELECT " + value + " AS millis, " + sums + " FROM run WHERE " + condition + " AND " + also
                + " GROUP BY " + value;
        query(sql, row -> {
            for (int i = 0; i < windows.size(); i++) {
                long count = row.getLong("n" + i);
                if (count > 0) {
                    counts.get(i).put(row.getLong("millis"), count);
                }
            }
        });
        return counts.stream().map(Percentiles::of).toList();
    }

    private void query(String sql, RowCallbackHandler row) {
        Map<String, Object> used = new HashMap<>(parameters);
        used.keySet().removeIf(name -> !sql.contains(":" + name));
        jdbc.sql(sql).params(used).query(row);
    }

    /** Empty for what is no outcome of this build's. */
    private static Optional<RunOutcome> outcome(ResultSet row) throws SQLException {
        String name = row.getString("outcome");
        return Arrays.stream(RunOutcome.values())
                .filter(outcome -> outcome.name().equals(name))
                .findFirst();
    }
}
