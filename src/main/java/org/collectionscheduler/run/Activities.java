package org.collectionscheduler.run;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What this process is doing for each collection, beyond what is stored. */
final class Activities {

    private final Map<String, String> queued = new ConcurrentHashMap<>();
    private final Map<String, AttemptExecution> executing = new ConcurrentHashMap<>();
    private final Map<String, AttemptExecution> stuck = new ConcurrentHashMap<>();
    private final Map<String, String> unstored = new ConcurrentHashMap<>();

    /** False when the collection has a run queued here already. */
    boolean queued(Run run) {
        return queued.putIfAbsent(run.collection(), run.id()) == null;
    }

    /** Nothing of that collection is queued or executing any more. */
    void freed(String collection) {
        executing.remove(collection);
        unstored.remove(collection);
        queued.remove(collection);
    }

    void executing(AttemptExecution execution) {
        executing.put(execution.collection(), execution);
    }

    /** The collector of a finished attempt did not return. */
    void stuck(AttemptExecution execution) {
        stuck.put(execution.collection(), execution);
    }

    /** An attempt's result waits for the store. */
    void unstored(Run run) {
        unstored.put(run.collection(), run.id());
    }

    /**
     * This process is about to make, makes, or has only just ended an attempt of a run of that collection, and will free
     * the collection.
     */
    boolean isBusy(String collection) {
        return queued.containsKey(collection);
    }

    /** An attempt that was given up still runs; forgotten as soon as it has returned. */
    Optional<AttemptExecution> stuck(String collection) {
        AttemptExecution execution = stuck.get(collection);
        if (execution != null && !execution.isStuck()) {
            stuck.remove(collection, execution);
            return Optional.empty();
        }
        return Optional.ofNullable(execution);
    }

    List<StuckAttempt> stuckAttempts() {
        return stuck.keySet().stream()
                .sorted()
                .flatMap(collection -> stuck(collection).stream())
                .map(execution -> execution.run())
                .map(run -> new StuckAttempt(run.collection(), run.id(), run.attempt(), run.startedAt()))
                .toList();
    }

    Collection<AttemptExecution> executing() {
        return List.copyOf(executing.values());
    }

    /** Collections whose newest result waits for the store. */
    List<String> unstored() {
        return unstored.keySet().stream().sorted().toList();
    }
}
