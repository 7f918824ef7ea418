package org.collectionscheduler.run;

import java.util.List;
import java.util.Map;

/**
 * Whether what code of this process declares of a collection is in force in the deployment: while code of live instances
 * declares it otherwise, what was in force of it before stays so. Methods throw {@code StoreUnavailableException} when the
 * store does not tell.
 */
public interface CodeAgreement {

    /** That of a process that is alone: what its code declares is in force. */
    CodeAgreement ALONE = new CodeAgreement() {
        @Override
        public boolean declare(String collection, String declaration) {
            return true;
        }

        @Override
        public void undeclare(String collection) {
            // Nobody else asks.
        }

        @Override
        public Map<String, Declared> declared() {
            return Map.of();
        }

        @Override
        public List<String> declaredByOthers() {
            return List.of();
        }
    };

    /** What is to become of what code of an instance declares of a collection. */
    enum Place {
        IN_FORCE,
        /** It is to be put in force: no live instance that takes runs declares what is. */
        GRANTED,
        /** Others declare what is in force. */
        LEFT_TO_OTHERS,
        /** Code has removed the collection. */
        REMOVED
    }

    /** @param declaration what was said to the others */
    record Declared(String declaration, Place place) {}

    /**
     * Says to the others what code of this process declares of that collection from now on.
     *
     * @param declaration the same text for the same declaration
     * @return whether it is to be put in force, which it may be already; a removed one is
     */
    boolean declare(String collection, String declaration);

    /** Code of this process declares it no more. */
    void undeclare(String collection);

    /** What was said to be declared by code here, by collection; empty in a process that is alone, where it is all in force. */
    Map<String, Declared> declared();

    /** Names of the collections that code of other live instances declares, and code of this one does not. */
    List<String> declaredByOthers();
}
