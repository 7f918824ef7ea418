package org.collectionscheduler.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.CodeAgreement;
import org.collectionscheduler.run.CodeAgreement.Declared;
import org.collectionscheduler.run.CodeAgreement.Place;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What code of this process declares, beside what code of other instances does: while they declare a collection otherwise,
 * what is in force of it stays so. Methods that ask may throw {@code StoreUnavailableException}.
 */
final class CodeDeclarations {

    private static final Logger log = LoggerFactory.getLogger(CodeDeclarations.class);

    private final CodeAgreement agreement;
    private final Map<String, ByProcess> declared = new ConcurrentHashMap<>();
    private volatile boolean hasAsked;

    /** @param cause of its registration */
    record ByProcess(Definition definition, Cause cause) {

        String name() {
            return definition.name();
        }
    }

    CodeDeclarations(CodeAgreement agreement) {
        this.agreement = agreement;
    }

    /** Says that it is declared here. Returns whether it is to be put in force. */
    boolean isGranted(ByProcess collection) {
        hasAsked = true;
        return agreement.declare(collection.name(), Declarations.text(collection.definition()));
    }

    /** It is followed, or left to others until they declare it likewise. */
    void add(ByProcess collection) {
        declared.put(collection.name(), collection);
    }

    /** @param name as it is stored */
    void remove(String name) {
        declared.remove(name);
        try {
            agreement.undeclare(name);
        } catch (StoreUnavailableException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("the others are told later");
        }
    }

    /** Whether nothing of it is to be put in force, or followed, or said again. Asks nobody before anything was declared. */
    boolean isSettled(Catalog catalog) {
        if (!hasAsked) {
            return true;
        }
        Map<String, Declared> said = agreement.declared();
        return said.keySet().equals(declared.keySet())
                && declared.values().stream()
                        .allMatch(collection -> isSaid(collection, said.get(collection.name()))
                                && !isToBeFollowed(collection, said.get(collection.name()), catalog));
    }

    /**
     * Those that are to be put in force, or followed, by now. What a store that went away, or an earlier life of this
     * process, has left to be said is said again, and looked at the next time. Called while nothing else changes.
     */
    List<ByProcess> toBeFollowed(Catalog catalog) {
        Map<String, Declared> said = agreement.declared();
        said.keySet().stream().filter(name -> !declared.containsKey(name)).forEach(agreement::undeclare);
        List<ByProcess> found = new ArrayList<>();
        for (ByProcess collection : declared.values()) {
            Declared before = said.get(collection.name());
            if (!isSaid(collection, before)) {
                boolean unused = isGranted(collection);
            } else if (isToBeFollowed(collection, before, catalog)) {
                found.add(collection);
            }
        }
        return found;
    }

    private static boolean isSaid(ByProcess collection, @Nullable Declared said) {
        return said != null && said.declaration().equals(Declarations.text(collection.definition()));
    }

    private static boolean isToBeFollowed(ByProcess collection, @Nullable Declared said, Catalog catalog) {
        return said != null
                && (said.place() == Place.GRANTED
                        || said.place() == Place.IN_FORCE && !catalog.isFollowed(collection.definition()));
    }
}
