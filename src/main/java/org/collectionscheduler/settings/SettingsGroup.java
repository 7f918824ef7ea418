package org.collectionscheduler.settings;

import java.util.function.Consumer;

/**
 * Implemented by each {@code @ConfigurationProperties} record under {@code scheduler}: its components are its keys.
 * Constructors accept every value that can be converted, so that all mistakes can be reported together.
 */
public interface SettingsGroup {

    /** Reports the values that are out of bounds. */
    void check(Consumer<Problem> problems);
}
