package org.collectionscheduler.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How much of what it was asked for a successful run brought back. */
public enum Completeness {
    FULL,
    PARTIAL;

    /** As it appears in endpoints. */
    @JsonValue
    public String lowerCaseName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
