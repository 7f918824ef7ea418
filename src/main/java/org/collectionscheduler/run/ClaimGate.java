package org.collectionscheduler.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether this process may claim runs and begin attempts. What is under way goes on and is stored all the same. Safe for
 * use by many threads.
 */
public final class ClaimGate {

    private final Map<String, String> held = new ConcurrentHashMap<>();
    private volatile Runnable listener = () -> {};
    private volatile Runnable look = () -> {};

    /**
     * Nothing is claimed from now on.
     *
     * @param by what holds the claims, by which they are released
     * @param why for an operator: what is wrong and what to do
     */
    public void hold(String by, String why) {
        held.put(by, why);
        listener.run();
    }

    /** That no longer holds them. */
    public void release(String by) {
        if (held.remove(by) != null) {
            listener.run();
        }
    }

    /** Has {@code changed} called when something holds the claims or no longer does, on whose thread that happens. */
    public void whenChanged(Runnable changed) {
        listener = changed;
    }

    /** Has {@code look} called before anything is claimed, on the thread that is about to: it may hold the claims. */
    public void lookBeforeClaims(Runnable newLook) {
        look = newLook;
    }

    public boolean isOpen() {
        return held.isEmpty();
    }

    /** Why nothing is claimed, by what holds the claims; empty while runs may be claimed. */
    public Map<String, String> reasons() {
        return Map.copyOf(held);
    }

    /** @throws ClaimsHeldException while nothing may be claimed */
    void requireOpen() {
        look.run();
        if (!held.isEmpty()) {
            throw new ClaimsHeldException(String.join("; ", held.values()));
        }
    }
}
