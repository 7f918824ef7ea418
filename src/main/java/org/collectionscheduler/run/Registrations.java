package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.store.Store;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes collections known to the store: a new one gets its anchor, a changed one starts at its next slot. */
public final class Registrations {

    /** Collections in one transaction: few enough that no other write waits for long. */
    private static final int BATCH = 500;

    private final Store store;
    private final Clock clock;

    Registrations(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** When the collection was first registered; empty when it never was. */
    public Optional<Instant> anchor(String name) {
        return store.read(jdbc -> CollectionRepository.find(jdbc, name)).map(CollectionRecord::anchor);
    }

    /**
     * A collection as it is declared now.
     *
     * @param state {@code ACTIVE} or {@code DISABLED}
     * @param schedule made from the anchor, which is the present moment for a new collection
     */
    public record Registration(
            String name, String collector, CollectionState state, Function<Instant, Schedule> schedule) {}

    /** Registers one collection. */
    public Schedule register(
            String name, String collector, CollectionState state, Function<Instant, Schedule> schedule) {
        return registerAll(List.of(new Registration(name, collector, state, schedule)))
                .get(0);
    }

    /**
     * Registers collections, many in one transaction; what is stored as it is declared is not written.
     *
     * @return the schedules in force, in the same order
     */
    public List<Schedule> registerAll(List<Registration> registrations) {
        List<Schedule> inForce = new ArrayList<>(registrations.size());
        for (int from = 0; from < registrations.size(); from += BATCH) {
            inForce.addAll(registerBatch(registrations.subList(from, Math.min(from + BATCH, registrations.size()))));
        }
        return inForce;
    }

    private List<Schedule> registerBatch(List<Registration> batch) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        List<String> names = batch.stream().map(Registration::name).toList();
        return store.write(jdbc -> {
            Map<String, CollectionRecord> known = CollectionRepository.findAll(jdbc, names);
            return batch.stream()
                    .map(registration -> register(jdbc, registration, known.get(registration.name()), now))
                    .toList();
        });
    }

    private static Schedule register(
            JdbcClient jdbc, Registration declared, @Nullable CollectionRecord known, Instant now) {
        Schedule inForce = declared.schedule().apply(known == null ? now : known.anchor());
        String rhythm = inForce.rhythm();
        if (known == null) {
            CollectionRepository.insert(jdbc, declared.name(), declared.collector(), declared.state(), rhythm, now);
            return inForce;
        }
        CollectionRecord changed = changed(known, declared.collector(), declared.state(), rhythm, now);
        if (!changed.equals(known)) {
            CollectionRepository.update(jdbc, changed);
        }
        return inForce;
    }

    /** Keeps the history of collections that are no longer declared, and follows their schedule no more. */
    public void retireAllBut(Set<String> declared) {
        List<String> undeclared = store.read(CollectionRepository::findAll).stream()
                .filter(record -> record.state() != CollectionState.RETIRED)
                .map(CollectionRecord::name)
                .filter(name -> !declared.contains(name))
                .toList();
        for (int from = 0; from < undeclared.size(); from += BATCH) {
            List<String> batch = undeclared.subList(from, Math.min(from + BATCH, undeclared.size()));
            store.write(jdbc -> {
                CollectionRepository.findAll(jdbc, batch).values().forEach(record -> retire(jdbc, record));
                return null;
            });
        }
    }

    private static void retire(JdbcClient jdbc, CollectionRecord record) {
        CollectionRepository.update(
                jdbc, record.with(record.collector(), CollectionState.RETIRED, record.rhythm(), record.settledUntil()));
    }

    /**
     * A change of rhythm, and an end of not being followed, settle every slot up to now. What an operator paused is still
     * paused.
     */
    public static CollectionRecord changed(
            CollectionRecord known, String collector, CollectionState declared, String rhythm, Instant now) {
        boolean active = declared == CollectionState.ACTIVE;
        CollectionState state = active && known.state() == CollectionState.PAUSED ? known.state() : declared;
        boolean resumed = known.state() != CollectionState.ACTIVE && state == CollectionState.ACTIVE;
        boolean settles = resumed || !known.rhythm().equals(rhythm);
        return known.with(collector, state, rhythm, settles ? now : known.settledUntil());
    }
}
