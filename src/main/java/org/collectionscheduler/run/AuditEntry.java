package org.collectionscheduler.run;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One change by hand.
 *
 * @param origin where it came from
 * @param reason null when none was given
 */
public record AuditEntry(
        String id,
        Instant at,
        Action action,
        String collection,
        String origin,
        @Nullable String reason) {

    /** What was done. */
    public enum Action {
        PAUSE,
        RESUME,
        RUN,
        REGISTER,
        CHANGE,
        REMOVE;

        /** As it appears in endpoints. */
        public String lowerCaseName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static AuditEntry of(String id, Instant at, Action action, String collection, Cause cause) {
        return new AuditEntry(id, at, action, collection, cause.origin(), cause.reason());
    }
}
