package org.collectionscheduler.catalog;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.Agreement.ByCode;
import org.collectionscheduler.run.Cause;
import org.jspecify.annotations.Nullable;

/**
 * What code of this process declares, beside what code of other instances does: while they declare a collection otherwise,
 * what is in force of it stays so. Methods that ask may throw {@code StoreUnavailableException}.
 */
final class CodeDeclarations {

    private final Agreement agreement;
    private final Map<String, ByProcess> declared = new ConcurrentHashMap<>();
    private volatile boolean hasAsked;

    /** @param cause of its registration */
    record ByProcess(Definition definition, Cause cause) {

        String name() {
            return definition.name();
        }
    }

    CodeDeclarations(Agreement agreement) {
        this.agreement = agreement;
    }

    /** Says that it is declared here. Returns whether it is to be put in force. */
    boolean isGranted(ByProcess collection) {
        hasAsked = true;
        return agreement.declareByCode(collection.name(), Declarations.text(collection.definition()));
    }

    /** It is followed, or left to others until they declare it likewise. */
    void add(ByProcess collection) {
        declared.put(collection.name(), collection);
    }

    /** @param name as it is stored */
    void remove(String name) {
        declared.remove(name);
    }

    /** Whether that is declared still. */
    boolean isDeclared(ByProcess collection) {
        return declared.get(collection.name()) == collection;
    }

    /** Those that may have to be put in force, or followed, by now. Asks nobody before anything was declared. */
    List<ByProcess> unsettled(Catalog catalog) {
        if (!hasAsked) {
            return List.of();
        }
        Map<String, ByCode> here = agreement.declaredByCode();
        here.keySet().stream().filter(name -> !declared.containsKey(name)).forEach(agreement::undeclareByCode);
        return declared.values().stream()
                .filter(collection -> isUnsettled(here.get(collection.name()), collection, catalog))
                .toList();
    }

    private boolean isUnsettled(@Nullable ByCode inForce, ByProcess collection, Catalog catalog) {
        if (inForce == null) {
            // Another life of this process has declared it; what is in force of it is looked at next time.
            boolean unused = isGranted(collection);
            return false;
        }
        return inForce == ByCode.OTHERWISE
                || inForce == ByCode.IN_FORCE && !catalog.isFollowed(collection.definition());
    }
}
