package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.collectionscheduler.schedule.ActiveRun;
import org.collectionscheduler.schedule.ActiveRun.Stage;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Progress;
import org.jspecify.annotations.Nullable;

/** How far collections have come: what is stored of them, and what this process does for them besides. */
final class Standings {

    private final RunLedger ledger;
    private final Activities activities;
    private final Clock clock;
    private final Set<String> pendingStarts = ConcurrentHashMap.newKeySet();

    Standings(RunLedger ledger, Activities activities, Clock clock) {
        this.ledger = ledger;
        this.activities = activities;
        this.clock = clock;
    }

    /** A run of kind {@code START} is to be considered for that collection. */
    void startIsPending(String collection) {
        pendingStarts.add(collection);
    }

    /** A start was considered. */
    void startIsSettled(String collection) {
        pendingStarts.remove(collection);
    }

    /** @param cared runs that this process took care of before the snapshot was taken */
    record State(Set<String> cared, RunLedger.Snapshot snapshot) {

        /**
         * As it was when that run had been claimed and submitted. It may have gone on since, as it may have after any
         * reading; its collection is decided anew when it is free.
         */
        State with(Run claimed) {
            Set<String> nowCared = new HashSet<>(cared);
            nowCared.add(claimed.id());
            return new State(nowCared, snapshot.with(claimed));
        }
    }

    /**
     * Looked at in this order: an attempt that ends in between leaves a run that is cared for, and the collection is
     * decided anew when it is free. The other way round, what is stored would look as if nobody took care of it.
     */
    State state(ScheduledCollection collection) {
        Set<String> cared = activities.runsOf(collection.name());
        return new State(
                cared, ledger.snapshot(collection.name(), collection.rules().schedule()));
    }

    /** @throws DeclaredOtherwiseException when the collection is in force as others declare it */
    static void requireInForce(ScheduledCollection collection, State state) {
        if (!state.snapshot().collection().isInForce(collection.declaration())) {
            throw new DeclaredOtherwiseException(collection.name());
        }
    }

    /**
     * A run that is stored as attempted although nobody makes that attempt: its process ended, or its result was lost.
     *
     * @throws org.collectionscheduler.store.StoreUnavailableException when it cannot be told
     */
    Optional<Run> orphan(State state) {
        return state.snapshot().active().stream()
                .filter(run -> run.state() == RunState.RUNNING)
                .filter(run -> !activities.isUnderWay(run, state.cared()))
                .findFirst();
    }

    /** As decisions see it. */
    Progress progress(ScheduledCollection collection, State state) {
        CollectionRecord record = state.snapshot().collection();
        CollectionState stored = record.state();
        boolean suspended = stored == CollectionState.SUSPENDED;
        boolean over = suspended && isPastAnyRest(collection, record.suspendedUntil());
        return new Progress(
                over ? CollectionState.ACTIVE : stored,
                suspended && !over ? record.suspendedUntil() : null,
                record.decidedUntil(),
                state.snapshot().claimed(),
                record.lastStartedAt(),
                pendingStarts.contains(collection.name()),
                state.snapshot().active().stream()
                        .map(run -> activeRun(run, state.cared().contains(run.id())))
                        .toList(),
                activities.stuck(collection.name()) + state.snapshot().stuckElsewhere());
    }

    /** No rest lasts that long: the clock has gone back since it was given, and must not freeze the collection. */
    private boolean isPastAnyRest(ScheduledCollection collection, @Nullable Instant until) {
        Instant latest = clock.instant().plus(collection.policy().suspension().longest());
        return until != null && until.isAfter(latest);
    }

    private ActiveRun activeRun(Run run, boolean cared) {
        Stage stage = Stage.RESTING;
        if (run.state() == RunState.RUNNING) {
            stage = Stage.ATTEMPTED;
        } else if (cared) {
            stage = Stage.QUEUED;
        } else if (activities.isQueuedElsewhere(run)) {
            stage = Stage.OFFERED;
        }
        Instant planned = run.nextAttemptAt() == null ? run.createdAt() : run.nextAttemptAt();
        return new ActiveRun(
                run.id(),
                run.kind(),
                run.dueAt(),
                run.attempt(),
                stage,
                stage == Stage.RESTING || stage == Stage.OFFERED ? planned : null);
    }

    /**
     * All that is stored of collections, and how far they have come, by name in the order given. Those whose row cannot
     * be read are left out. However many they are, they are read in few statements.
     */
    Map<String, Standing> all(List<ScheduledCollection> collections) {
        Map<String, Standing> standings = new LinkedHashMap<>();
        for (int from = 0; from < collections.size(); from += Snapshots.BATCH) {
            List<ScheduledCollection> batch =
                    collections.subList(from, Math.min(from + Snapshots.BATCH, collections.size()));
            // In the order that state() explains.
            Map<String, Set<String>> cared = new HashMap<>();
            batch.forEach(collection -> cared.put(collection.name(), activities.runsOf(collection.name())));
            Snapshots stored = ledger.snapshots(batch);
            for (ScheduledCollection collection : batch) {
                RunLedger.Snapshot snapshot = stored.collections().get(collection.name());
                if (snapshot != null) {
                    State state = new State(cared.getOrDefault(collection.name(), Set.of()), snapshot);
                    standings.put(collection.name(), standing(collection, state, stored.last()));
                }
            }
        }
        return standings;
    }

    private Standing standing(ScheduledCollection collection, State state, Map<String, Run> last) {
        RunLedger.Snapshot snapshot = state.snapshot();
        String lastRunId = snapshot.collection().lastRunId();
        return new Standing(
                snapshot.collection(),
                progress(collection, state),
                snapshot.active(),
                lastRunId == null ? null : last.get(lastRunId));
    }
}
