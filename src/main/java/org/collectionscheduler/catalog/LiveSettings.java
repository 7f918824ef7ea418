package org.collectionscheduler.catalog;

import java.util.Locale;
import java.util.regex.Pattern;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsGroup;

/**
 * What is declared now, beside what was in force at the start where nothing changes it before the next one.
 *
 * @param now as it is written now
 * @param started as the start has found it
 */
record LiveSettings(Settings now, Settings started) implements Definitions.Groups {

    /** The names that windows may use are of no use but to check the windows. */
    private static final Pattern LIVE =
            Pattern.compile("scheduler\\.(collections|defaults|quiet|registered-?by-?code)([.\\[].*)?");

    /** Whether a changed value of that key counts only after a restart. */
    static boolean needsRestart(String key) {
        return !LIVE.matcher(key.toLowerCase(Locale.ROOT)).matches();
    }

    @Override
    public <T extends SettingsGroup> T get(Class<T> type) {
        T group = now.get(type);
        return group instanceof CatalogProperties catalog
                ? type.cast(catalog.withRunOnStart(
                        started.get(CatalogProperties.class).runOnStart()))
                : group;
    }
}
