package org.collectionscheduler.cli;

import org.collectionscheduler.settings.StartRefusedException;

/** One line, or one for each wrong setting, about why a command failed. */
final class Failures {

    private Failures() {}

    static String line(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartRefusedException refused) {
                return String.valueOf(refused.getMessage());
            }
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
