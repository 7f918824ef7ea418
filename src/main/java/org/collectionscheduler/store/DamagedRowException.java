package org.collectionscheduler.store;

/** A value that its column cannot hold, which SQLite keeps all the same. The message names it and says what to do. */
final class DamagedRowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DamagedRowException(String message) {
        super(message);
    }
}
