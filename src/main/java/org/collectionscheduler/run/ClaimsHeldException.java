package org.collectionscheduler.run;

import org.collectionscheduler.store.StoreUnavailableException;

/** The store is there, but this process may not claim runs from it now: try again later. */
public final class ClaimsHeldException extends StoreUnavailableException {

    private static final long serialVersionUID = 1L;

    ClaimsHeldException(String why) {
        super("nothing is claimed by this instance: " + why);
    }
}
