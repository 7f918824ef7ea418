package org.collectionscheduler.run;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whether what this process' configuration declares is in force in the deployment: while live instances declare different
 * collections, what was in force before stays so. Methods throw {@code StoreUnavailableException} when the store does not
 * tell.
 */
public interface Agreement {

    /** That of a process that is alone: what it declares is in force. */
    Agreement ALONE = new Agreement() {
        @Override
        public boolean declare(String configuration) {
            return true;
        }

        @Override
        public boolean putInForce(JdbcClient jdbc, String configuration) {
            return true;
        }

        @Override
        public void isInForce(String configuration) {
            // Nobody else asks.
        }

        @Override
        public void differs(String difference) {
            throw new IllegalStateException("a process alone agrees with itself");
        }

        @Override
        public List<String> others(String configuration) {
            return List.of();
        }

        @Override
        public boolean seemsToHold() {
            return true;
        }

        @Override
        public boolean holds(String configuration) {
            return true;
        }

        @Override
        public void whenItMayHaveChanged(Runnable look) {
            // It never does.
        }

        @Override
        public String heardInForce() {
            return "";
        }

        @Override
        public CodeAgreement byCode() {
            return CodeAgreement.ALONE;
        }
    };

    /**
     * Says to the others what this process declares from now on.
     *
     * @param configuration the same text for the same configuration
     * @return whether it is to be put in force: all live instances that take runs declare the same, or it is in force
     */
    boolean declare(String configuration);

    /**
     * Puts it in force, as a part of the caller's transaction.
     *
     * @return whether that is this process' doing; false when it was in force before
     */
    boolean putInForce(JdbcClient jdbc, String configuration);

    /** It is in force, and all that it declares is stored. */
    void isInForce(String configuration);

    /** It has not, for others declare another one. */
    void differs(String difference);

    /** Ids of the live instances that take runs and declare another one. */
    List<String> others(String configuration);

    /** False when something else was in force than this process declares, the last time that anything was heard. Asks nobody. */
    boolean seemsToHold();

    /** Whether this process declares that, and it is in force. */
    boolean holds(String configuration);

    /** The configuration that was in force the last time that anything was heard; empty before any. Asks nobody. */
    String heardInForce();

    /** On what code declares. */
    CodeAgreement byCode();

    /** Has {@code look} called, on a thread that must not be held up, whenever there may be something new to find. */
    void whenItMayHaveChanged(Runnable look);
}
