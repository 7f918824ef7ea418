package org.collectionscheduler.settings;

import java.util.Locale;

/** Names of collections and collectors compare without case, dashes and underscores, as Boot compares keys. */
public final class Names {

    private Names() {}

    /** The one form of a name in which names are compared. */
    public static String canonical(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }
}
