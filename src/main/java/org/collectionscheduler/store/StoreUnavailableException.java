package org.collectionscheduler.store;

/** The database could not be reached, or did not take a write, after several tries. Nothing was changed. */
public final class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
