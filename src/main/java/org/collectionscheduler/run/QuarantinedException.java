package org.collectionscheduler.run;

/** Nothing is started of a collection of which what is stored cannot be read. */
public final class QuarantinedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason which row it is, and what is wrong with it */
    QuarantinedException(String collection, String reason) {
        super("collection '" + collection + "' is quarantined: " + reason
                + "; correct or delete that row, and start the service again");
    }
}
