package org.collectionscheduler.kubernetes;

import java.io.IOException;

/** A table that does not have the columns wanted, or names them too late: the objects must be asked for whole. */
final class UnsuitableTableException extends IOException {

    private static final long serialVersionUID = 1L;

    UnsuitableTableException() {
        super("the table lacks columns");
    }
}
