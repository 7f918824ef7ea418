package org.collectionscheduler.run;

import org.collectionscheduler.store.StoreUnavailableException;

/** Another declaration of the collection is in force than this process': others run it, until all declare the same. */
public final class DeclaredOtherwiseException extends StoreUnavailableException {

    private static final long serialVersionUID = 1L;

    DeclaredOtherwiseException(String collection) {
        super("collection '" + collection + "' is declared otherwise by the instances that are in force; ask one of"
                + " those, or start or reload all instances with the same configuration");
    }
}
