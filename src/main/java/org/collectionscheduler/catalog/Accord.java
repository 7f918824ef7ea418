package org.collectionscheduler.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.collectionscheduler.catalog.Difference.Changed;
import org.collectionscheduler.catalog.Redeclarer.Wanted;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.ConfigurationDifference;
import org.collectionscheduler.run.Redeclarations;
import org.collectionscheduler.run.Registration;
import org.collectionscheduler.run.ScheduledCollection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves to other instances what is declared otherwise here, and follows it when they have come to agree. What is followed
 * then is compared with what was followed before, so that it does not matter in which steps they came to it. All is
 * called while nothing else changes.
 */
final class Accord {

    private static final Logger log = LoggerFactory.getLogger(Accord.class);

    private final Collections collections;
    private final Catalog catalog;
    private final Collections.Engine engine;
    private final Redeclarations redeclarations;

    Accord(Collections collections, Catalog catalog, Collections.Engine engine, Redeclarations redeclarations) {
        this.collections = collections;
        this.catalog = catalog;
        this.engine = engine;
        this.redeclarations = redeclarations;
    }

    /**
     * Declares those collections here in place of others that were not in force, either.
     *
     * @throws org.collectionscheduler.store.StoreUnavailableException when it was not stored: nothing was changed
     */
    void redeclare(Difference difference, Wanted wanted, Cause cause) {
        if (catalog.declare(wanted.configured())) {
            putInForce(wanted.configured(), cause);
            follow(difference, wanted, null);
        } else {
            dissent(difference, wanted, cause);
        }
    }

    /** Those collections are shown as they are declared here, and what differs is not followed here until it is in force. */
    void dissent(Difference difference, Wanted wanted, Cause cause) {
        follow(difference, wanted, catalog.dissent(wanted.configured(), collections.seed(), cause));
    }

    /** Puts in force what this process declares once all others declare the same, or follows them in it. */
    void settle() {
        Dissent dissent = catalog.dissent();
        if (dissent == null) {
            return;
        }
        if (catalog.declare(dissent.definitions())) {
            Set<String> differing = differing(dissent);
            putInForce(dissent.definitions(), dissent.cause());
            follow(List.of(), chosen(dissent.definitions(), differing), null);
            log.info("all instances declare the same: it is in force");
        } else if (!dissent.inForce().equals(catalog.agreement().heardInForce())) {
            compareAnew(dissent);
        }
    }

    /** Something else is in force by now than what was differed from. */
    private void compareAnew(Dissent dissent) {
        List<Definition> concerned = chosen(dissent.definitions(), differing(dissent));
        follow(List.of(), concerned, catalog.dissent(dissent.definitions(), collections.seed(), dissent.cause()));
    }

    /** What was not followed, and what is not in force by now. */
    private Set<String> differing(Dissent dissent) {
        Set<String> differing = new HashSet<>(catalog.differingFromForce(dissent.definitions(), collections.seed()));
        differing.addAll(dissent.names());
        return differing;
    }

    /**
     * While this process was believed to have ended, the others may have put something else in force; and what a reload
     * declared that was not stored, is declared no more. What differs is left to the others until all declare the same.
     */
    void lookWhetherInForce() {
        List<Definition> declared = catalog.configured();
        if (catalog.dissent() != null || catalog.areStillInForce(declared)) {
            return;
        }
        Set<String> differing = catalog.differingFromForce(declared, collections.seed());
        if (catalog.declare(declared)) {
            putInForce(declared, null);
            follow(List.of(), chosen(declared, differing), null);
        } else {
            follow(List.of(), List.of(), catalog.dissent(declared, collections.seed(), null));
        }
    }

    /** With the cause of the reload that has declared them; what a start has declared is stored as by a start. */
    private void putInForce(List<Definition> definitions, @Nullable Cause cause) {
        Redeclarations.Change change = change(definitions);
        if (cause == null || change.isEmpty()) {
            catalog.putInForce(definitions, collections.seed());
        } else {
            redeclarations.store(
                    redeclarations.entry(change, cause), catalog.agreement(), Declarations.all(definitions));
            catalog.isInForce(definitions);
        }
        engine.pipeline().abandonRetired();
    }

    /** From what is in force, whatever was declared here meanwhile. */
    private Redeclarations.Change change(List<Definition> definitions) {
        ConfigurationDifference difference = catalog.differenceFromForce(definitions, collections.seed());
        List<String> readable = difference.changed().stream()
                .filter(name -> !engine.pipeline().isQuarantined(name))
                .toList();
        return new Redeclarations.Change(
                registrations(definitions, difference.added()),
                registrations(definitions, readable),
                difference.lacking());
    }

    private List<Registration> registrations(List<Definition> definitions, Collection<String> names) {
        return chosen(definitions, Set.copyOf(names)).stream()
                .map(definition -> definition.registration(collections.seed()))
                .toList();
    }

    private static List<Definition> chosen(List<Definition> definitions, Set<String> names) {
        return definitions.stream()
                .filter(definition -> names.contains(definition.name()))
                .toList();
    }

    private void follow(Difference difference, Wanted wanted, @Nullable Dissent now) {
        Dissent was = catalog.dissent();
        Set<String> otherwise = new HashSet<>(was == null ? Set.of() : was.names());
        Stream.concat(difference.added().stream(), difference.changed().stream().map(Changed::now))
                .map(Definition::name)
                .forEach(otherwise::add);
        follow(difference.retired(), chosen(wanted.configured(), otherwise), now);
        collections.follow(wanted);
    }

    /** @param now what is not followed from now on; null when all is in force */
    private void follow(List<Catalog.Entry> retired, List<Definition> declared, @Nullable Dissent now) {
        Map<String, ScheduledCollection> before = followed();
        Dissent was = catalog.dissent();
        Map<String, ScheduledCollection> left = new HashMap<>(was == null ? Map.of() : was.left());
        catalog.replace(retired, declared, collections.seed());
        catalog.dissents(now);
        Map<String, ScheduledCollection> followed = followed();
        before.values().stream()
                .filter(collection -> !followed.containsKey(collection.name()))
                .forEach(collection -> {
                    engine.dispatcher().remove(collection.name());
                    left.put(collection.name(), collection);
                });
        followed.values().stream()
                .filter(collection -> before.get(collection.name()) != collection)
                .forEach(collection ->
                        follow(before.getOrDefault(collection.name(), left.remove(collection.name())), collection));
        forgetUndeclared(left);
        if (now != null) {
            catalog.dissents(now.withLeft(Map.copyOf(left)));
        }
    }

    /** @param before as it was followed last; null when it never was */
    private void follow(@Nullable ScheduledCollection before, ScheduledCollection now) {
        if (before == null) {
            engine.pipeline().added(List.of(now));
        } else {
            engine.pipeline().changed(before, now);
        }
        engine.dispatcher().add(now);
    }

    private void forgetUndeclared(Map<String, ScheduledCollection> left) {
        left.values().removeIf(collection -> {
            boolean undeclared = catalog.scheduled(collection.name())
                    .filter(declared -> declared.name().equals(collection.name()))
                    .isEmpty();
            if (undeclared) {
                engine.pipeline().forget(collection);
            }
            return undeclared;
        });
    }

    private Map<String, ScheduledCollection> followed() {
        return catalog.followed().stream()
                .collect(Collectors.toMap(ScheduledCollection::name, collection -> collection));
    }
}
