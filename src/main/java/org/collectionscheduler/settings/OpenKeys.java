package org.collectionscheduler.settings;

/**
 * Stands in a settings group for keys that somebody else knows, such as the parameters of a collector. It is always null
 * in the group; {@link BoundSettings#bind} reads what is written there.
 */
public final class OpenKeys {

    private OpenKeys() {}
}
