package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.store.Store;

/** Makes collections known to the store: a new one gets its anchor, a changed one starts at its next slot. */
public final class Registrations {

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
     * Registers a collection as it is declared now.
     *
     * @param state {@code ACTIVE} or {@code DISABLED}
     * @param schedule made from the anchor, which is the present moment for a new collection
     * @return the schedule in force
     */
    public Schedule register(
            String name, String collector, CollectionState state, Function<Instant, Schedule> schedule) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        return store.write(jdbc -> {
            Optional<CollectionRecord> known = CollectionRepository.find(jdbc, name);
            Schedule inForce =
                    schedule.apply(known.map(CollectionRecord::anchor).orElse(now));
            if (known.isEmpty()) {
                CollectionRepository.insert(jdbc, name, collector, state, inForce.rhythm(), now);
            } else {
                CollectionRepository.update(jdbc, changed(known.get(), collector, state, inForce.rhythm(), now));
            }
            return inForce;
        });
    }

    /** Keeps the history of collections that are no longer declared, and follows their schedule no more. */
    public void retireAllBut(Set<String> declared) {
        store.write(jdbc -> {
            CollectionRepository.findAll(jdbc).stream()
                    .filter(record -> !declared.contains(record.name()))
                    .filter(record -> record.state() != CollectionState.RETIRED)
                    .forEach(record -> CollectionRepository.update(
                            jdbc,
                            record.with(
                                    record.collector(),
                                    CollectionState.RETIRED,
                                    record.rhythm(),
                                    record.settledUntil())));
            return null;
        });
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
