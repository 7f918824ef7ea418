package org.collectionscheduler.catalog;

/** A text is not the value that it should be. */
final class WrongValueException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    /** @param wrong what is wrong with the text, to follow it */
    WrongValueException(String wrong, String remedy) {
        super(wrong);
        this.remedy = remedy;
    }

    /** What to do. */
    String remedy() {
        return remedy;
    }
}
