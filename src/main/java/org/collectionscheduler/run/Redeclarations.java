package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.collectionscheduler.run.AuditEntry.Action;
import org.collectionscheduler.run.Registrations.Registered;
import org.collectionscheduler.store.Store;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Stores that the configuration declares other collections than before: all of it, with its cause, or nothing. */
public final class Redeclarations {

    private final Store store;
    private final RunEvents events;
    private final Clock clock;

    Redeclarations(Store store, RunEvents events, Clock clock) {
        this.store = store;
        this.events = events;
        this.clock = clock;
    }

    /**
     * What is declared otherwise, each collection once.
     *
     * @param retired names as they are stored
     */
    public record Change(List<Registration> added, List<Registration> changed, List<String> retired) {

        public boolean isEmpty() {
            return added.isEmpty() && changed.isEmpty() && retired.isEmpty();
        }
    }

    /** A change on its way to the store: however often it is stored, it is stored once. */
    public static final class Entry {

        private final Change change;
        private final Cause cause;
        private final Instant at;
        private final List<AuditEntry> audit;

        private Entry(Change change, Cause cause, Instant at) {
            this.change = change;
            this.cause = cause;
            this.at = at;
            this.audit = Stream.of(
                            names(change.added()).map(name -> audit(Action.REGISTER, name)),
                            names(change.changed()).map(name -> audit(Action.CHANGE, name)),
                            change.retired().stream().map(name -> audit(Action.REMOVE, name)))
                    .flatMap(entries -> entries)
                    .toList();
        }

        private AuditEntry audit(Action action, String collection) {
            return AuditEntry.of(UUID.randomUUID().toString(), at, action, collection, cause);
        }
    }

    /** @param change not empty */
    public Entry entry(Change change, Cause cause) {
        return new Entry(change, cause, Instant.ofEpochMilli(clock.millis()));
    }

    /**
     * Stores the change in one transaction, which puts the configuration in force. When it is in force already, another
     * process has stored the change with its own entries: none are added, and nobody is told. A collection that is stored already keeps its anchor, its pause and its
     * rest; under another schedule it begins at its first slot from now on.
     *
     * @return what came of what is added and changed
     * @throws org.collectionscheduler.store.StoreUnavailableException when the store did not acknowledge it; ask
     *     {@link #isStored} whether it was stored all the same
     */
    public Registered store(Entry entry, Agreement agreement, String configuration) {
        Stored stored = store.write(jdbc -> {
            boolean mine = isStored(jdbc, entry);
            boolean first = !mine && agreement.putInForce(jdbc, configuration);
            return new Stored(first ? writeFirst(jdbc, entry) : register(jdbc, entry), mine || first);
        });
        if (stored.mine()) {
            tell(entry);
        }
        return stored.registered();
    }

    /** @param mine false when another process has stored the same change */
    private record Stored(Registered registered, boolean mine) {}

    private void tell(Entry entry) {
        Stream.concat(names(entry.change.added()), names(entry.change.changed()))
                .forEach(name -> events.redeclared(name, entry.cause));
        entry.change.retired().forEach(name -> events.undeclared(name, entry.cause));
    }

    /** @throws org.collectionscheduler.store.StoreUnavailableException when the store does not tell */
    public boolean isStored(Entry entry) {
        return store.read(jdbc -> isStored(jdbc, entry));
    }

    private static boolean isStored(JdbcClient jdbc, Entry entry) {
        return AuditRepository.find(jdbc, entry.audit.get(0).id()).isPresent();
    }

    private static Registered writeFirst(JdbcClient jdbc, Entry entry) {
        Registered registered = register(jdbc, entry);
        entry.change.retired().forEach(name -> CollectionRepository.retire(jdbc, name));
        entry.audit.forEach(audit -> AuditRepository.insert(jdbc, audit));
        return registered;
    }

    /** To say again what is stored changes nothing. */
    private static Registered register(JdbcClient jdbc, Entry entry) {
        Map<String, UnreadableRowException> unreadable = new HashMap<>();
        Registered registered = new Registered(new HashMap<>(), unreadable);
        Stream.concat(entry.change.added().stream(), entry.change.changed().stream())
                .forEach(declared -> register(jdbc, declared, entry.at, registered));
        return registered;
    }

    private static void register(JdbcClient jdbc, Registration declared, Instant at, Registered registered) {
        try {
            registered
                    .schedules()
                    .put(
                            declared.name(),
                            Registrations.register(jdbc, declared, at).schedule());
        } catch (UnreadableRowException e) {
            registered.unreadable().put(declared.name(), e);
        }
    }

    private static Stream<String> names(List<Registration> registrations) {
        return registrations.stream().map(Registration::name);
    }
}
