package org.collectionscheduler.kubernetes;

import java.io.IOException;

/** A body that can be read but is not what was asked for. The message holds nothing of the body. */
final class MalformedBodyException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedBodyException(String message) {
        super(message);
    }
}
