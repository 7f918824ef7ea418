package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes collections known to the store: a new one gets its anchor, a changed one starts at its next slot. */
public final class Registrations {

    private static final Logger log = LoggerFactory.getLogger(Registrations.class);

    /** Collections of one transaction: enough to share its cost, few enough to let others write in between. */
    private static final int BATCH = 500;

    private final Store store;
    private final Clock clock;

    Registrations(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Registers collections as they are declared now.
     *
     * @return the schedule in force of each, by name; one that is left out is quarantined, because its stored row cannot
     *     be read
     */
    public Map<String, Schedule> register(List<Registration> registrations) {
        Map<String, Schedule> schedules = new LinkedHashMap<>();
        for (int from = 0; from < registrations.size(); from += BATCH) {
            List<Registration> batch = registrations.subList(from, Math.min(from + BATCH, registrations.size()));
            schedules.putAll(registerBatch(batch));
        }
        return schedules;
    }

    private Map<String, Schedule> registerBatch(List<Registration> batch) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        return store.write(jdbc -> {
            Map<String, Schedule> schedules = new LinkedHashMap<>();
            for (Registration registration : batch) {
                register(jdbc, registration, now)
                        .ifPresent(schedule -> schedules.put(registration.name(), schedule));
            }
            return schedules;
        });
    }

    private static Optional<Schedule> register(JdbcClient jdbc, Registration declared, Instant now) {
        try {
            Optional<CollectionRecord> known = CollectionRepository.find(jdbc, declared.name());
            Schedule schedule = declared.schedule()
                    .apply(known.map(CollectionRecord::anchor).orElse(now));
            if (known.isEmpty()) {
                Instant settled = schedule.settledAt(now.minusMillis(1));
                CollectionRepository.insert(jdbc, declared.name(), declaration(declared, schedule), now, settled);
            } else {
                CollectionRecord changed = changed(known.get(), declared, schedule, now);
                if (!changed.equals(known.get())) {
                    CollectionRepository.update(jdbc, changed);
                }
            }
            return Optional.of(schedule);
        } catch (UnreadableRowException e) {
            log.atError()
                    .addKeyValue("collection", declared.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("collection quarantined");
            CollectionRepository.quarantine(jdbc, declared.name());
            return Optional.empty();
        }
    }

    /**
     * Keeps the history of collections that the configuration no longer declares, and follows their schedule no more.
     */
    public void retireAllBut(Set<String> declared) {
        store.write(jdbc -> {
            CollectionRepository.findAll(jdbc).stream()
                    .filter(record -> record.declaredBy() == DeclaredBy.CONFIGURATION)
                    .filter(record -> !declared.contains(record.name()))
                    .filter(record -> record.declared() != CollectionState.RETIRED)
                    .forEach(record -> retire(jdbc, record));
            return null;
        });
    }

    /** Keeps the collection's history, and follows its schedule no more. */
    public void retire(String name) {
        store.write(jdbc -> {
            CollectionRepository.find(jdbc, name).ifPresent(record -> retire(jdbc, record));
            return null;
        });
    }

    private static void retire(JdbcClient jdbc, CollectionRecord record) {
        Declaration retired =
                new Declaration(record.collector(), CollectionState.RETIRED, record.declaredBy(), record.rhythm());
        CollectionRepository.update(jdbc, record.with(retired, record.settledUntil()));
    }

    /** A change of rhythm, and an end of not being followed, settle every slot up to now. A pause and a rest stay. */
    public static CollectionRecord changed(
            CollectionRecord known, Registration declared, Schedule schedule, Instant now) {
        boolean followedAgain = known.declared() != CollectionState.ACTIVE && declared.state() == CollectionState.ACTIVE;
        boolean settles = followedAgain || !known.rhythm().equals(schedule.rhythm());
        return known.with(declaration(declared, schedule), settles ? schedule.settledAt(now) : known.settledUntil());
    }

    private static Declaration declaration(Registration declared, Schedule schedule) {
        return new Declaration(declared.collector(), declared.state(), declared.by(), schedule.rhythm());
    }
}
