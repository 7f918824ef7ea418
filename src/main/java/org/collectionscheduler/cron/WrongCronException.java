package org.collectionscheduler.cron;

/** A cron expression means nothing, or nothing that ever happens. */
public final class WrongCronException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    WrongCronException(String wrong, String remedy) {
        super(wrong);
        this.remedy = remedy;
    }

    /** What is wrong with it, to follow its name. */
    public String wrong() {
        return String.valueOf(getMessage());
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }
}
