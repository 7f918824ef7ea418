package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.collectionscheduler.run.AuditEntry.Action;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.store.Store;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What operators do to the schedule of a collection. Each change is stored with its cause in one transaction, so it
 * survives a restart, and is told to listeners afterwards.
 */
public final class Interventions {

    private final Store store;
    private final RunEvents events;
    private final Clock clock;

    Interventions(Store store, RunEvents events, Clock clock) {
        this.store = store;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Holds the collection's schedule until somebody resumes it. What runs goes on, and is attempted again.
     *
     * @return false when it was paused before: nothing was changed
     * @throws org.collectionscheduler.store.StoreUnavailableException when the store did not acknowledge it
     */
    public boolean pause(ScheduledCollection collection, Cause cause) {
        Instant now = now();
        boolean changed = change(
                AuditEntry.of(newId(), now, Action.PAUSE, collection.name(), cause),
                jdbc -> CollectionRepository.pause(jdbc, collection.name(), now));
        if (changed) {
            events.paused(collection.name(), cause);
        }
        return changed;
    }

    /**
     * Follows the collection's schedule again, from now on: ends a pause as well as a rest that the failure policy gave.
     *
     * @return false when it was neither paused nor suspended: nothing was changed
     * @throws org.collectionscheduler.store.StoreUnavailableException when the store did not acknowledge it
     */
    public boolean resume(ScheduledCollection collection, Cause cause) {
        Instant now = now();
        Instant settled = collection.rules().schedule().settledAt(now);
        boolean changed = change(
                AuditEntry.of(newId(), now, Action.RESUME, collection.name(), cause),
                jdbc -> CollectionRepository.resume(jdbc, collection.name(), settled));
        if (changed) {
            events.resumed(collection.name(), cause);
        }
        return changed;
    }

    /**
     * Registers a collection as code in the process declares it. Saying again what is stored is no change.
     *
     * @return the schedule in force
     * @throws UnreadableRowException when what is stored of it cannot be read: nothing was changed
     * @throws org.collectionscheduler.store.StoreUnavailableException when the store did not acknowledge it
     */
    public Schedule register(Registration registration, Cause cause) {
        Instant now = now();
        AtomicReference<Schedule> schedule = new AtomicReference<>();
        boolean changed = change(AuditEntry.of(newId(), now, Action.REGISTER, registration.name(), cause), jdbc -> {
            Registrations.Outcome outcome = Registrations.register(jdbc, registration, now);
            schedule.set(outcome.schedule());
            return outcome.changed();
        });
        if (changed) {
            events.registered(registration.name(), cause);
        }
        return Objects.requireNonNull(schedule.get());
    }

    /**
     * Keeps the collection's history, and follows its schedule no more, whatever else its row holds.
     *
     * @return false when it is not stored, or was retired before: nothing was changed
     * @throws org.collectionscheduler.store.StoreUnavailableException when the store did not acknowledge it
     */
    public boolean remove(String collection, Cause cause) {
        boolean changed = change(
                AuditEntry.of(newId(), now(), Action.REMOVE, collection, cause),
                jdbc -> CollectionRepository.retire(jdbc, collection));
        if (changed) {
            events.removed(collection, cause);
        }
        return changed;
    }

    /** An entry that is there already says that an earlier time was committed. */
    private boolean change(AuditEntry entry, Predicate<JdbcClient> work) {
        return store.write(jdbc -> {
            if (AuditRepository.find(jdbc, entry.id()).isPresent()) {
                return true;
            }
            boolean changed = work.test(jdbc);
            if (changed) {
                AuditRepository.insert(jdbc, entry);
            }
            return changed;
        });
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
