package org.collectionscheduler.kubernetes;

import tools.jackson.core.JsonParser;

/** Of objects of which nothing but their number is asked. */
final class NoTally implements Tally<NoTally> {

    @Override
    public void read(JsonParser item) {
        // The page counts its objects.
    }

    @Override
    public void add(NoTally page) {
        // There is nothing to add.
    }
}
