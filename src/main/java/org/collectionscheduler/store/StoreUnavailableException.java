package org.collectionscheduler.store;

/**
 * The database could not be reached, or did not acknowledge a write, after several tries. Almost always nothing was
 * changed; only what is stored can tell.
 */
public final class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
