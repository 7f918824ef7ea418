package org.collectionscheduler.host;

import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;

/**
 * What a probe brought back.
 *
 * @param value null when there is nothing to put into the data
 * @param section how the reading went
 */
record Finding(@Nullable Object value, Section section) {

    static Finding whole(Object value) {
        return new Finding(value, Section.ok());
    }

    /** @param reason what is missing, for an operator */
    static Finding partial(Object value, String reason) {
        return new Finding(value, Section.partial(reason));
    }

    /** @param reason why nothing is there, for an operator */
    static Finding unavailable(String reason) {
        return new Finding(null, Section.unavailable(reason));
    }
}
