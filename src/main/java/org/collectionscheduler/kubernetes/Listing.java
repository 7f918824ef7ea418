package org.collectionscheduler.kubernetes;

import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;

/**
 * What a list said.
 *
 * @param tally of its objects; null when only their number is known
 * @param total how many there are
 * @param resourceVersion the state of the cluster that the total is of; null when the server did not say
 * @param caveat what of it shows other states; null when nothing does
 * @param gap why only the number is known; null when nothing is missing
 */
record Listing<T>(
        @Nullable T tally,
        long total,
        CountMethod method,
        @Nullable String resourceVersion,
        @Nullable String caveat,
        @Nullable String gap) {

    static <T> Listing<T> of(T tally, long total, CountMethod method, @Nullable String resourceVersion) {
        return new Listing<>(tally, total, method, resourceVersion, null, null);
    }

    /** The same, but of several states. */
    Listing<T> inconsistent(String because) {
        return new Listing<>(tally, total, CountMethod.INCONSISTENT, resourceVersion, because, gap);
    }

    /** The same without anything but the total. */
    Listing<T> onlyTotal(ApiException because) {
        return new Listing<>(
                null, total, method, resourceVersion, caveat, "only the total is known: " + because.getMessage());
    }

    Section toSection() {
        Section.Status status = gap == null ? Section.Status.OK : Section.Status.PARTIAL;
        return new Section(status, gap, method.shown(), consistency());
    }

    private @Nullable String consistency() {
        String version = resourceVersion == null ? null : "resourceVersion=" + resourceVersion;
        if (caveat == null) {
            return version;
        }
        return version == null ? caveat : version + "; " + caveat;
    }
}
