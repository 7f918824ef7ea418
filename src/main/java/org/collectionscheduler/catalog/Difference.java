package org.collectionscheduler.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.collectionscheduler.run.DeclaredBy;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;

/**
 * What the configuration declares otherwise than it did. A name that is spelled otherwise is another collection, as it is
 * for the store.
 *
 * @param unchanged how many are declared as before
 */
record Difference(List<Definition> added, List<Changed> changed, List<Catalog.Entry> retired, int unchanged) {

    /** A collection that is declared in another way. */
    record Changed(Catalog.Entry before, Definition now) {}

    /** False when nothing changes but what the declarations say nothing of, such as an interval below the minimum. */
    boolean isSeenByOthers() {
        return !added.isEmpty()
                || !retired.isEmpty()
                || changed.stream()
                        .anyMatch(one -> !one.before().scheduled().declaration().equals(Declarations.text(one.now())));
    }

    /**
     * Compares the collections that there are with those that are declared.
     *
     * @throws StartRefusedException when code has registered some of those that are declared
     */
    static Difference between(Collection<Catalog.Entry> known, List<Definition> declared) {
        Map<String, Catalog.Entry> before = new TreeMap<>();
        known.forEach(entry -> before.put(Names.canonical(entry.definition().name()), entry));
        refuseTaken(before, declared);
        Difference difference = new Difference(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
        int unchanged = 0;
        for (Definition definition : declared) {
            Catalog.Entry entry = before.get(Names.canonical(definition.name()));
            if (entry == null || !entry.definition().name().equals(definition.name())) {
                difference.added().add(definition);
            } else if (entry.definition().equals(definition)) {
                unchanged++;
            } else {
                difference.changed().add(new Changed(entry, definition));
            }
        }
        Set<String> names = declared.stream().map(Definition::name).collect(Collectors.toUnmodifiableSet());
        known.stream()
                .filter(entry -> entry.by() == DeclaredBy.CONFIGURATION)
                .filter(entry -> !names.contains(entry.definition().name()))
                .forEach(difference.retired()::add);
        return new Difference(difference.added(), difference.changed(), difference.retired(), unchanged);
    }

    private static void refuseTaken(Map<String, Catalog.Entry> known, List<Definition> declared) {
        List<Problem> taken = declared.stream()
                .filter(definition -> {
                    Catalog.Entry entry = known.get(Names.canonical(definition.name()));
                    return entry != null && entry.by() == DeclaredBy.PROCESS;
                })
                .map(definition -> new Problem(
                        "scheduler.collections." + definition.name(),
                        null,
                        "is the name of a collection that code has registered",
                        "Give it another name, or let code remove its own first"))
                .toList();
        if (!taken.isEmpty()) {
            throw new StartRefusedException(taken);
        }
    }
}
