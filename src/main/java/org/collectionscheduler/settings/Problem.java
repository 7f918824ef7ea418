package org.collectionscheduler.settings;

import org.jspecify.annotations.Nullable;

/**
 * One wrong setting.
 *
 * @param key the full name of the setting
 * @param value what it is set to; null when it is missing, or must not be shown
 * @param wrong what is wrong with it
 * @param remedy what to do
 */
public record Problem(String key, @Nullable String value, String wrong, String remedy) {

    /** One line: key, value, what is wrong, what to do. */
    @Override
    public String toString() {
        return key + (value == null ? "" : " = '" + value + "'") + ": " + wrong + ". " + remedy;
    }
}
