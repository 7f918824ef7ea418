package org.collectionscheduler.kubernetes;

import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;

/**
 * What a whole list said.
 *
 * @param resourceVersion of its first page; null when it says none
 * @param inconsistent true when the list expired twice and was continued at a newer state
 */
record Listing<T extends Tally<T>>(
        T tally, long total, @Nullable String resourceVersion, boolean inconsistent) {

    Section toSection() {
        String version = resourceVersion == null ? null : "resourceVersion=" + resourceVersion;
        if (!inconsistent) {
            return Section.ok("exact", version);
        }
        return Section.ok(
                "inconsistent",
                (version == null ? "" : version + "; ")
                        + "continued at a newer state after the list expired (410): what changed meanwhile may be"
                        + " missing or counted twice");
    }
}
