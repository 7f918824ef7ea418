package org.collectionscheduler.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.collectionscheduler.run.RunLedger.Snapshot;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is stored of many collections, read in as many statements as of one.
 *
 * @param collections by name, in the order asked for; without those that are not registered or whose row cannot be read
 * @param last the runs that finished last, by their ids
 */
record Snapshots(Map<String, Snapshot> collections, Map<String, Run> last) {

    /** Collections of one reading, far below what any database takes as parameters. */
    static final int BATCH = 500;

    /**
     * Runs whose row cannot be read are left out.
     *
     * @param me this process' instance
     */
    static Snapshots read(JdbcClient jdbc, Collection<ScheduledCollection> collections, String me, Instant now) {
        List<String> names = collections.stream().map(ScheduledCollection::name).toList();
        if (names.isEmpty()) {
            return new Snapshots(Map.of(), Map.of());
        }
        Map<String, CollectionRecord> records = CollectionRepository.find(jdbc, names).stream()
                .collect(Collectors.toMap(CollectionRecord::name, Function.identity()));
        Map<String, List<Run>> active =
                RunRepository.findActive(jdbc, names).stream().collect(Collectors.groupingBy(Run::collection));
        Map<String, NavigableSet<Instant>> claimed = claimed(jdbc, collections, records, now);
        Map<String, Long> stuck = StuckRepository.findElsewhere(jdbc, me).stream()
                .collect(Collectors.groupingBy(StuckAttempt::collection, Collectors.counting()));
        Map<String, Snapshot> snapshots = new LinkedHashMap<>();
        for (String name : names) {
            CollectionRecord record = records.get(name);
            if (record != null) {
                snapshots.put(
                        name,
                        new Snapshot(
                                record,
                                active.getOrDefault(name, List.of()),
                                claimed.getOrDefault(name, new TreeSet<>()),
                                stuck.getOrDefault(name, 0L).intValue()));
            }
        }
        return new Snapshots(snapshots, last(jdbc, records.values()));
    }

    private static Map<String, Run> last(JdbcClient jdbc, Collection<CollectionRecord> records) {
        List<String> ids = records.stream()
                .map(CollectionRecord::lastRunId)
                .filter(Objects::nonNull)
                .toList();
        return RunRepository.find(jdbc, ids).stream().collect(Collectors.toMap(Run::id, Function.identity()));
    }

    private static Map<String, NavigableSet<Instant>> claimed(
            JdbcClient jdbc,
            Collection<ScheduledCollection> collections,
            Map<String, CollectionRecord> records,
            Instant now) {
        List<Object[]> since = new ArrayList<>();
        for (ScheduledCollection collection : collections) {
            CollectionRecord record = records.get(collection.name());
            if (record != null) {
                Instant from = RunLedger.claimedFrom(record, collection.rules().schedule(), now);
                since.add(new Object[] {collection.name(), from.toEpochMilli()});
            }
        }
        Map<String, NavigableSet<Instant>> claimed = new HashMap<>();
        RunRepository.claimedSince(jdbc, since)
                .forEach(slot -> claimed.computeIfAbsent(slot.collection(), name -> new TreeSet<>())
                        .add(slot.at()));
        return claimed;
    }
}
