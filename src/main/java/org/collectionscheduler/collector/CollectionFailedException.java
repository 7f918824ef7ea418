package org.collectionscheduler.collector;

import org.jspecify.annotations.Nullable;

/** A collection that failed for a reason that its collector can explain to an operator. */
public final class CollectionFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private CollectionFailedException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    /**
     * A failure that may pass: another attempt is made.
     *
     * @param message what went wrong and what to do, without secrets or names of resources
     */
    public static CollectionFailedException passing(String message, @Nullable Throwable cause) {
        return new CollectionFailedException(message, cause, true);
    }

    /**
     * A failure that another attempt would only repeat, such as a refused credential: the run ends.
     *
     * @param message what went wrong and what to do, without secrets or names of resources
     */
    public static CollectionFailedException lasting(String message, @Nullable Throwable cause) {
        return new CollectionFailedException(message, cause, false);
    }

    /** False when another attempt would only fail in the same way. */
    public boolean retryable() {
        return retryable;
    }
}
