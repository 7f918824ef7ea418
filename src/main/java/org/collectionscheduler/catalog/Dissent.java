package org.collectionscheduler.catalog;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.ScheduledCollection;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration declares here while other instances declare something else.
 *
 * @param definitions all of it
 * @param names of what is not in force as it is declared here, and not followed
 * @param lacking names of what is in force and not declared here
 * @param inForce what was in force when it was compared, as far as this process knew
 * @param left what of that was followed before, as it was
 * @param cause of the reload that has declared it; null when the process has started with it
 */
record Dissent(
        List<Definition> definitions,
        Set<String> names,
        List<String> lacking,
        String inForce,
        Map<String, ScheduledCollection> left,
        @Nullable Cause cause) {

    Dissent withLeft(Map<String, ScheduledCollection> newLeft) {
        return new Dissent(definitions, names, lacking, inForce, newLeft, cause);
    }
}
