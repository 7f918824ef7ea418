package org.collectionscheduler.run;

/** The machine refuses a thread for a run, which waits as if there were no permit for it. */
public final class NoThreadException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NoThreadException(Throwable cause) {
        super("no thread for a run: " + cause, cause);
    }
}
