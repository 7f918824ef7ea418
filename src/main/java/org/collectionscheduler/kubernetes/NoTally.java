package org.collectionscheduler.kubernetes;

import org.jspecify.annotations.Nullable;

/** Of objects of which nothing but their number is asked. */
final class NoTally implements MetadataTally<NoTally> {

    @Override
    public void object(@Nullable String namespace) {
        // The page counts its objects.
    }

    @Override
    public void add(NoTally page) {
        // There is nothing to add.
    }
}
