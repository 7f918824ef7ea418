package org.collectionscheduler.web;

import java.util.List;
import java.util.stream.Collectors;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.CollectionStatus;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.schedule.CollectionState;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/** Finds the collections that requests name, or says why it does not. Names compare without case and dashes. */
final class CollectionLookup {

    /** A message that lists a hundred thousand names helps nobody. */
    private static final int MOST_NAMES = 20;

    private final Catalog catalog;

    CollectionLookup(Catalog catalog) {
        this.catalog = catalog;
    }

    CollectionStatus status(String name) {
        return catalog.status(name)
                .orElseThrow(() -> catalog.scheduled(name)
                        .map(declared -> notInForce(declared.name()))
                        .orElseGet(() -> unknown(name)));
    }

    /** Nothing is stored of what is declared here alone. */
    private static ErrorResponseException notInForce(String name) {
        return Problems.of(
                HttpStatus.CONFLICT,
                "collection '" + name + "' is declared here, but not in force before all instances declare the same;"
                        + " /actuator/health says which do not");
    }

    /** As it is, when there is anything to be done with it. */
    CollectionStatus intact(String name) {
        CollectionStatus status = status(name);
        if (status.state() == CollectionState.QUARANTINED) {
            throw quarantined(status.name());
        }
        return status;
    }

    ScheduledCollection scheduled(String name) {
        return catalog.scheduled(name).orElseThrow(() -> unknown(name));
    }

    /** Refuses a name that no collection has, as every other lookup does. */
    void requireKnown(String name) {
        scheduled(name);
    }

    /** The stored name of that collection; null for null. One that is no longer declared is found by its exact name. */
    @Nullable String stored(@Nullable String name) {
        return name == null
                ? null
                : catalog.scheduled(name).map(ScheduledCollection::name).orElse(name);
    }

    private static ErrorResponseException quarantined(String name) {
        return Problems.of(
                HttpStatus.CONFLICT,
                "collection '" + name
                        + "' is quarantined, for its stored row could not be read; mend or delete that row"
                        + " and start the service anew");
    }

    private ErrorResponseException unknown(String name) {
        if (catalog.declaredElsewhere().contains(name)) {
            return Problems.of(
                    HttpStatus.NOT_FOUND,
                    "collection '" + name + "' is in force, but not declared here; ask an instance that declares it");
        }
        List<String> names = catalog.names();
        String some = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        String more = names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "";
        return Problems.of(HttpStatus.NOT_FOUND, "there is no collection '" + name + "'; there are: " + some + more);
    }
}
