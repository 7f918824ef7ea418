package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.store.Store;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes collections known to the store: a new one gets its anchor, a changed one starts at its next slot. */
public final class Registrations {

    /** Collections of one transaction: enough to share its cost, few enough to let others write in between. */
    private static final int BATCH = 500;

    private final Store store;
    private final Clock clock;

    Registrations(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What came of registrations; each collection is in one of the two, by its name.
     *
     * @param schedules in force
     * @param unreadable why what is stored of it cannot be read: nothing was changed
     */
    public record Registered(Map<String, Schedule> schedules, Map<String, UnreadableRowException> unreadable) {

        private static Registered none() {
            return new Registered(new HashMap<>(), new HashMap<>());
        }
    }

    /** Registers collections as the configuration declares them now, each under a name of its own. */
    public Registered register(List<Registration> registrations) {
        Registered all = Registered.none();
        for (int from = 0; from < registrations.size(); from += BATCH) {
            List<Registration> batch = registrations.subList(from, Math.min(from + BATCH, registrations.size()));
            Registered registered = registerBatch(batch);
            all.schedules().putAll(registered.schedules());
            all.unreadable().putAll(registered.unreadable());
        }
        return all;
    }

    private Registered registerBatch(List<Registration> batch) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        return store.write(jdbc -> {
            Registered registered = Registered.none();
            Map<String, CollectionRecord> known = known(jdbc, batch, registered.unreadable());
            for (Registration declared : batch) {
                if (!registered.unreadable().containsKey(declared.name())) {
                    Outcome outcome = register(jdbc, declared, known.get(declared.name()), now);
                    registered.schedules().put(declared.name(), outcome.schedule());
                }
            }
            return registered;
        });
    }

    /** In one statement: at most starts nothing is new and nothing has changed, so that to read is all there is to do. */
    private static Map<String, CollectionRecord> known(
            JdbcClient jdbc, List<Registration> batch, Map<String, UnreadableRowException> unreadable) {
        List<String> names = batch.stream().map(Registration::name).toList();
        return CollectionRepository.find(jdbc, names, unreadable::put).stream()
                .collect(Collectors.toMap(CollectionRecord::name, Function.identity()));
    }

    /** What came of one registration: the schedule in force, and whether anything was changed. */
    record Outcome(Schedule schedule, boolean changed) {}

    /** @throws UnreadableRowException when what is stored of it cannot be read: nothing was changed */
    static Outcome register(JdbcClient jdbc, Registration declared, Instant now) {
        return register(
                jdbc, declared, CollectionRepository.find(jdbc, declared.name()).orElse(null), now);
    }

    /** @param known what was stored of it just now; null when nothing was: another process may store it meanwhile */
    private static Outcome register(
            JdbcClient jdbc, Registration declared, @Nullable CollectionRecord known, Instant now) {
        Schedule schedule = declared.schedule().apply(known == null ? now : known.anchor());
        if (known == null) {
            Instant settled = schedule.settledAt(now.minusMillis(1));
            return CollectionRepository.insert(jdbc, declared.name(), declaration(declared, schedule), now, settled)
                    ? new Outcome(schedule, true)
                    : register(jdbc, declared, now);
        }
        CollectionRecord changed = changed(known, declared, schedule, now);
        boolean changes = !changed.equals(known);
        if (changes) {
            CollectionRepository.update(jdbc, changed);
        }
        return new Outcome(schedule, changes);
    }

    /**
     * Keeps the history of collections that the configuration no longer declares, and follows their schedules no more.
     */
    public void retireAllBut(Set<String> declared) {
        List<String> gone = store.read(CollectionRepository::findConfigured).stream()
                .filter(name -> !declared.contains(name))
                .toList();
        for (int from = 0; from < gone.size(); from += BATCH) {
            List<String> batch = gone.subList(from, Math.min(from + BATCH, gone.size()));
            store.write(jdbc -> {
                batch.forEach(name -> CollectionRepository.retire(jdbc, name));
                return null;
            });
        }
    }

    /** A change of rhythm, and an end of not being followed, settle every slot up to now. A pause and a rest stay. */
    public static CollectionRecord changed(
            CollectionRecord known, Registration declared, Schedule schedule, Instant now) {
        boolean followedAgain =
                known.declared() != CollectionState.ACTIVE && declared.state() == CollectionState.ACTIVE;
        boolean settles = followedAgain || !known.rhythm().equals(schedule.rhythm());
        return known.with(declaration(declared, schedule), settles ? schedule.settledAt(now) : known.settledUntil());
    }

    private static Declaration declaration(Registration declared, Schedule schedule) {
        return new Declaration(declared.collector(), declared.state(), declared.by(), schedule.rhythm());
    }
}
