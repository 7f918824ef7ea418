package org.collectionscheduler.run;

import java.util.List;
import org.collectionscheduler.collector.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What a collection gives to its collector.
 *
 * @param value of the collector's own type; null when it has none
 * @param secrets those in {@code value}
 */
public record Parameters(@Nullable Record value, List<Secret> secrets) {

    public static final Parameters NONE = new Parameters(null, List.of());

    public Parameters {
        secrets = List.copyOf(secrets);
    }

    /** The value as that type. */
    <T extends Record> T as(Class<T> type) {
        if (!type.isInstance(value)) {
            throw new IllegalStateException(
                    "the collector's parameters are not of " + type + "; return that type from its parametersType()");
        }
        return type.cast(value);
    }

    /** The text without any secret that was used. */
    String mask(String text) {
        return Secret.mask(secrets, text);
    }

    /** Whether a secret that was used is in the text. */
    boolean shownIn(String text) {
        return secrets.stream().anyMatch(secret -> secret.isIn(text));
    }
}
