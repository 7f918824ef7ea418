package org.collectionscheduler.store;

import org.springframework.core.NestedRuntimeException;

/**
 * The database could not be reached, or did not acknowledge a write, after several tries. Almost always nothing was
 * changed; only what is stored can tell.
 */
public class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For what was asked of the database beside the store. */
    public static StoreUnavailableException because(NestedRuntimeException failure) {
        return new StoreUnavailableException("the database did not answer: " + Unavailability.reason(failure), failure);
    }

    /** For one that is there and cannot be used all the same. */
    protected StoreUnavailableException(String message) {
        super(message);
    }
}
