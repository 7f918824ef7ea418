package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.collectionscheduler.catalog.Difference.Changed;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.Redeclarations;
import org.collectionscheduler.run.Registration;
import org.collectionscheduler.run.Registrations.Registered;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.UnreadableRowException;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the running service follow what the configuration declares now. It is stored in one transaction first; only then
 * are collections shown and woken otherwise. When the store does not say whether it has taken a transaction, it is asked
 * until it answers, so that what is woken is always what is stored.
 */
final class Redeclarer {

    private static final Logger log = LoggerFactory.getLogger(Redeclarer.class);

    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

    private final Collections collections;
    private final Catalog catalog;
    private final Collections.Engine engine;
    private final Redeclarations redeclarations;
    private final ScheduledExecutorService timer;
    private final Accord accord;

    /** A change of which nobody knows yet whether it is stored. This and the next are used while nothing else changes. */
    private @Nullable Step unsettled;

    private @Nullable ScheduledFuture<?> asking;

    private final AtomicBoolean looking = new AtomicBoolean();

    /** From one state of the configuration to the next. */
    private record Step(Difference difference, Redeclarations.Entry entry, Wanted wanted) {}

    /** What the configuration says now. */
    record Wanted(List<Definition> configured, ProcessDefinitions forCode) {}

    Redeclarer(
            Collections collections,
            Catalog catalog,
            Collections.Engine engine,
            Redeclarations redeclarations,
            ScheduledExecutorService timer) {
        this.collections = collections;
        this.catalog = catalog;
        this.engine = engine;
        this.redeclarations = redeclarations;
        this.timer = timer;
        this.accord = new Accord(collections, catalog, engine, redeclarations);
    }

    /**
     * Brings all that is declared to that state, or changes nothing. Called while nothing else changes.
     *
     * @throws org.collectionscheduler.settings.StartRefusedException when code has registered what is declared
     * @throws StoreUnavailableException when it was not stored
     */
    Difference redeclare(Wanted wanted, Cause cause) {
        settle();
        Difference difference = catalog.difference(wanted.configured());
        Redeclarations.Change change = change(difference);
        if (catalog.dissent() != null) {
            accord.redeclare(difference, wanted, cause);
        } else if (change.isEmpty()) {
            apply(difference, new Registered(new HashMap<>(), new HashMap<>()), wanted);
        } else if (catalog.declare(wanted.configured())) {
            store(new Step(difference, redeclarations.entry(change, cause), wanted));
        } else {
            accord.dissent(difference, wanted, cause);
        }
        return difference;
    }

    /** Ids of the instances that declare otherwise; empty while what is declared here is in force. */
    List<String> waitsFor() {
        return catalog.dissenters();
    }

    /** Follows what has come into force, if the instances have come to agree; on the thread that reloads. */
    void lookForAgreement() {
        try {
            if (looking.compareAndSet(false, true)) {
                timer.execute(this::followAgreement);
            }
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("not looked: the service has stopped");
        }
    }

    private void followAgreement() {
        looking.set(false);
        try {
            if (catalog.dissent() != null || catalog.isInDoubt()) {
                collections.alone(() -> {
                    // Of a change on its way it is not known yet what is declared.
                    if (unsettled == null) {
                        accord.lookWhetherInForce();
                    }
                    accord.settle();
                    return true;
                });
            }
            collections.settle();
        } catch (StoreUnavailableException e) {
            log.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("not known whether the instances agree; asked again");
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("what the instances agree on could not be followed");
        }
    }

    /** A quarantined collection is left alone in the store: whoever has mended its row starts the service anew. */
    private Redeclarations.Change change(Difference difference) {
        return new Redeclarations.Change(
                difference.added().stream().map(this::registration).toList(),
                difference.changed().stream()
                        .map(Changed::now)
                        .filter(definition -> !engine.pipeline().isQuarantined(definition.name()))
                        .map(this::registration)
                        .toList(),
                difference.retired().stream()
                        .map(entry -> entry.scheduled().name())
                        .toList());
    }

    private Registration registration(Definition definition) {
        return definition.registration(collections.seed());
    }

    private void store(Step step) {
        unsettled = step;
        try {
            applyStored(step);
        } catch (StoreUnavailableException e) {
            if (!isStoredAllTheSame(e)) {
                throw e;
            }
        }
    }

    /** False when it is not, and when the store does not tell; then it is asked again later. */
    private boolean isStoredAllTheSame(StoreUnavailableException failure) {
        try {
            return settle();
        } catch (StoreUnavailableException e) {
            failure.addSuppressed(e);
            askLater();
            return false;
        }
    }

    /**
     * Finds out what has become of a change of which the store did not say whether it took it.
     *
     * @return whether it was stored; it is in force then
     * @throws StoreUnavailableException when the store does not say so now, either
     */
    private boolean settle() {
        Step step = unsettled;
        if (step == null) {
            return false;
        }
        boolean stored = redeclarations.isStored(step.entry());
        if (stored) {
            applyStored(step);
        }
        unsettled = null;
        return stored;
    }

    private void applyStored(Step step) {
        List<Definition> declared = step.wanted().configured();
        // What only this process can see is in force with it, and nobody else tells of it.
        Agreement among = step.difference().isSeenByOthers() ? catalog.agreement() : Agreement.ALONE;
        Registered registered = redeclarations.store(step.entry(), among, Declarations.all(declared));
        catalog.isInForce(declared);
        unsettled = null;
        apply(step.difference(), registered, step.wanted());
    }

    private void askLater() {
        if (asking == null || asking.isDone()) {
            asking = timer.schedule(this::ask, ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void ask() {
        try {
            if (collections.alone(this::isSettled).filter(settled -> !settled).isPresent()) {
                log.debug("it is not known yet whether a reload was stored");
            }
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("it cannot be found out whether a reload was stored; start the service anew");
        }
    }

    /** False when the store does not tell; it is asked again then. */
    private boolean isSettled() {
        try {
            if (settle()) {
                log.info("a reload that the store had not acknowledged was stored, and is in force");
            }
            return true;
        } catch (StoreUnavailableException e) {
            asking = timer.schedule(this::ask, ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        }
    }

    private void apply(Difference difference, Registered registered, Wanted wanted) {
        catalog.replace(difference, registered.schedules(), collections.seed());
        collections.follow(wanted);
        difference.retired().forEach(entry -> retire(entry.scheduled()));
        for (Changed changed : difference.changed()) {
            if (registered.schedules().containsKey(changed.now().name())) {
                ScheduledCollection now = scheduled(changed.now());
                engine.pipeline().changed(changed.before().scheduled(), now);
                engine.dispatcher().add(now);
            }
        }
        for (Definition added : difference.added()) {
            if (registered.schedules().containsKey(added.name())) {
                ScheduledCollection now = scheduled(added);
                engine.pipeline().added(List.of(now));
                engine.dispatcher().add(now);
            }
        }
        registered.unreadable().forEach(this::quarantine);
    }

    private ScheduledCollection scheduled(Definition definition) {
        return catalog.scheduled(definition.name()).orElseThrow();
    }

    /** Stored it is already. */
    private void retire(ScheduledCollection retired) {
        engine.pipeline().remove(retired.name(), () -> {});
        engine.pipeline().forget(retired);
        engine.dispatcher().remove(retired.name());
    }

    private void quarantine(String collection, UnreadableRowException reason) {
        try {
            engine.dispatcher().remove(collection);
            engine.pipeline().quarantine(collection, reason);
        } catch (StoreUnavailableException e) {
            // This process leaves it alone all the same, and so will the next, which looks at its row.
            log.atDebug().addKeyValue("collection", collection).setCause(e).log("quarantine not stored");
        }
    }
}
