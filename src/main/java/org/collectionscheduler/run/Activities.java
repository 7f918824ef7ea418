package org.collectionscheduler.run;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What this process is doing for each run, beyond what is stored. */
final class Activities {

    /** Runs by collection; a collection of which nothing is done has no entry. */
    private final Map<String, Set<String>> queued = new ConcurrentHashMap<>();

    private final Map<String, AttemptExecution> executing = new ConcurrentHashMap<>();
    private final Map<String, AttemptExecution> stuck = new ConcurrentHashMap<>();
    private final Map<String, String> unstored = new ConcurrentHashMap<>();
    private final Set<String> removed = ConcurrentHashMap.newKeySet();

    private final Peers peers;

    /** Runs at whose end a decision waits. */
    private final Set<String> putOff = ConcurrentHashMap.newKeySet();

    Activities(Peers peers) {
        this.peers = peers;
    }

    /**
     * Whether somebody is making the attempt that the run is stored in, or is about to store its end: this process, or
     * another one that lives.
     *
     * @param here runs that this process took care of before the run was read
     * @throws org.collectionscheduler.store.StoreUnavailableException when it cannot be told
     */
    boolean isUnderWay(Run run, Set<String> here) {
        return run.state() == RunState.RUNNING
                && (here.contains(run.id()) || run.instance() != null && peers.isAlive(run.instance()));
    }

    /**
     * Whether the run waits for its first attempt in another process that lives.
     *
     * @throws org.collectionscheduler.store.StoreUnavailableException when it cannot be told
     */
    boolean isQueuedElsewhere(Run run) {
        return run.state() == RunState.WAITING
                && run.attempt() == 0
                && run.instance() != null
                && peers.isAlive(run.instance());
    }

    /** False when the run is queued here already. */
    boolean queued(Run run) {
        boolean[] added = new boolean[1];
        queued.compute(run.collection(), (collection, runs) -> {
            Set<String> taken = runs == null ? ConcurrentHashMap.newKeySet() : runs;
            added[0] = taken.add(run.id());
            return taken;
        });
        return added[0];
    }

    /**
     * Nothing is done for that run any more.
     *
     * @return whether a decision about its collection was put off until now
     */
    boolean freed(Run run) {
        executing.remove(run.id());
        unstored.remove(run.id());
        queued.computeIfPresent(run.collection(), (collection, runs) -> {
            runs.remove(run.id());
            return runs.isEmpty() ? null : runs;
        });
        return putOff.remove(run.id());
    }

    /** Remembers that the collection is to be decided anew when that run is free; false when it is. */
    boolean putOff(Run run) {
        boolean[] busy = new boolean[1];
        queued.computeIfPresent(run.collection(), (collection, runs) -> {
            busy[0] = runs.contains(run.id());
            if (busy[0]) {
                putOff.add(run.id());
            }
            return runs;
        });
        return busy[0];
    }

    /** The collection is declared no more. */
    void removed(String collection) {
        removed.add(collection);
    }

    /** Once nothing is done for a collection that is declared no more, nothing of it is remembered. */
    void forgetRemoved(String collection) {
        queued.compute(collection, (name, runs) -> {
            if (runs == null) {
                removed.remove(name);
            }
            return runs;
        });
    }

    /** The collection is declared, again or for the first time. */
    void declared(String collection) {
        removed.remove(collection);
    }

    boolean isRemoved(String collection) {
        return removed.contains(collection);
    }

    void executing(AttemptExecution execution) {
        executing.put(execution.runId(), execution);
    }

    /** The collector of a finished attempt did not return. */
    void stuck(AttemptExecution execution) {
        stuck.put(execution.runId(), execution);
    }

    /** An attempt's result waits for the store. */
    void unstored(Run run) {
        unstored.put(run.id(), run.collection());
    }

    /**
     * Runs of that collection of which this process is about to make, makes, or has only just ended an attempt; it will
     * free each of them.
     */
    Set<String> runsOf(String collection) {
        Set<String> runs = queued.get(collection);
        return runs == null ? Set.of() : Set.copyOf(runs);
    }

    /** How many attempts of that collection were given up and still run; forgotten as soon as they have returned. */
    int stuck(String collection) {
        forgetReturned();
        return (int) stuck.values().stream()
                .filter(execution -> execution.collection().equals(collection))
                .count();
    }

    /** By collection; of one collection, the oldest first. */
    List<StuckAttempt> stuckAttempts() {
        forgetReturned();
        return stuck.values().stream()
                .map(AttemptExecution::run)
                .map(run -> new StuckAttempt(run.collection(), run.id(), run.attempt(), run.startedAt()))
                .sorted(Comparator.comparing(StuckAttempt::collection)
                        .thenComparing(
                                StuckAttempt::startedAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder())))
                .toList();
    }

    /** Attempts that were given up and still run. */
    List<AttemptExecution> ignoring() {
        forgetReturned();
        return List.copyOf(stuck.values());
    }

    /** Attempts that are under way. */
    Collection<AttemptExecution> executing() {
        return List.copyOf(executing.values());
    }

    /** Collections of which a result waits for the store. */
    List<String> unstored() {
        return unstored.values().stream().distinct().sorted().collect(Collectors.toList());
    }

    private void forgetReturned() {
        stuck.values().removeIf(execution -> !execution.isStuck());
    }
}
