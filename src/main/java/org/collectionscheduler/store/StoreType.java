package org.collectionscheduler.store;

import java.util.Locale;

/** Where the service keeps what must outlive it. */
public enum StoreType {
    /** A file in the store directory. */
    EMBEDDED,
    /** Forgets everything when the process ends. */
    MEMORY,
    /** A server that several instances may share. */
    POSTGRESQL;

    /** The name in the configuration and in what is shown. */
    public String lowerCaseName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
