package org.collectionscheduler.settings;

import java.util.function.Consumer;

/** Finds mistakes that show only beside something else than the settings: the collectors that exist, the file system. */
public interface SettingsCheck {

    /** Reports mistakes, changing nothing. */
    void check(BoundSettings settings, Consumer<Problem> problems);
}
