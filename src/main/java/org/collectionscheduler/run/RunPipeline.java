package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.collectionscheduler.schedule.Activity;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.Progress;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a decision to a stored result. A dispatcher calls {@link #wake}, for one collection from one place at a time;
 * everything else follows from what is stored.
 */
public final class RunPipeline {

    private static final Logger log = LoggerFactory.getLogger(RunPipeline.class);

    private static final String NO_END = "its process ended before it did, or its result could not be stored";

    /** A decision leads to another one at most a few times; more would be a fault that must not spin. */
    private static final int MOST_DECISIONS = 100;

    private final RunLedger ledger;
    private final AttemptSupervisor supervisor;
    private final Activities activities;
    private final RunEvents events;
    private final Clock clock;
    private final Set<String> pendingStarts = ConcurrentHashMap.newKeySet();

    /** By collection: between claim and submission a run looks like one that nobody takes care of. */
    private final Map<String, Object> claiming = new ConcurrentHashMap<>();

    RunPipeline(RunLedger ledger, AttemptSupervisor supervisor, Activities activities, RunEvents events, Clock clock) {
        this.ledger = ledger;
        this.supervisor = supervisor;
        this.activities = activities;
        this.events = events;
        this.clock = clock;
    }

    /** The service starts with these collections: a run of kind {@code START} is considered once for each. */
    public void starting(Collection<String> collections) {
        supervisor.open();
        pendingStarts.addAll(collections);
    }

    /**
     * Does what is due for the collection; nothing once a drain has begun.
     *
     * @return when to wake it next, unless something changes before; empty when only a change can make it due
     * @throws StoreUnavailableException when nothing could be decided or claimed: nothing was started, wake it again
     */
    public Optional<Instant> wake(ScheduledCollection collection) {
        synchronized (claiming(collection)) {
            return decideAndAct(collection);
        }
    }

    private Optional<Instant> decideAndAct(ScheduledCollection collection) {
        for (int i = 0; i < MOST_DECISIONS && supervisor.isOpen(); i++) {
            State state = state(collection);
            RunLedger.Snapshot snapshot = state.snapshot();
            if (abandonOrphan(collection, state)) {
                continue;
            }
            Progress progress = progress(collection, state);
            Decision decision = Decider.decide(collection.rules(), progress, clock.instant());
            if (decision instanceof Decision.WaitUntil wait) {
                pendingStarts.remove(collection.name());
                return Optional.of(wait.at());
            }
            if (decision instanceof Decision.WaitForChange) {
                pendingStarts.remove(collection.name());
                return Optional.empty();
            }
            act(collection, snapshot.active(), decision);
        }
        if (!supervisor.isOpen()) {
            return Optional.empty();
        }
        throw new IllegalStateException("no end of decisions about collection '" + collection.name() + "'");
    }

    /**
     * Starts a run that somebody asks for.
     *
     * @return the run; empty when the collection has an unfinished run, or an attempt that ignores its cancellation, or
     *     the service stops
     * @throws StoreUnavailableException when it could not be claimed
     */
    public Optional<Run> demand(ScheduledCollection collection) {
        if (!supervisor.isOpen() || activities.stuck(collection.name()).isPresent()) {
            return Optional.empty();
        }
        try {
            synchronized (claiming(collection)) {
                Optional<Run> run = ledger.claimDemand(collection.name());
                run.ifPresent(claimed -> supervisor.submit(collection, claimed));
                return run;
            }
        } catch (StoreUnavailableException e) {
            // Should it have been claimed all the same, whoever decides next finds it.
            events.freed(collection.name());
            throw e;
        }
    }

    private Object claiming(ScheduledCollection collection) {
        return claiming.computeIfAbsent(collection.name(), name -> new Object());
    }

    /** Ends the unfinished runs of collections that are no longer declared. */
    public void abandonUndeclared(Set<String> declared) {
        for (Run run : ledger.active()) {
            if (!declared.contains(run.collection())) {
                ledger.giveUp(run).ifPresent(ended -> events.finished(ended, ledger.collectorOf(run.collection())));
            }
        }
    }

    /** How far the collection has come, as decisions see it. */
    public Progress progress(ScheduledCollection collection) {
        return progress(collection, state(collection));
    }

    /**
     * Starts nothing more, waits for what runs, and cancels what has not ended then.
     *
     * @param grace how long running attempts may go on
     */
    public void drain(Duration grace) throws InterruptedException {
        supervisor.drain(grace);
    }

    /** Collections of which an attempt ignores its cancellation, and since when. */
    public List<StuckAttempt> stuck() {
        return activities.stuckAttempts();
    }

    /** Collections whose newest result waits for the store. */
    public List<String> unstored() {
        return activities.unstored();
    }

    /** @param busy whether an attempt was under way in this process before the snapshot was taken */
    private record State(boolean busy, RunLedger.Snapshot snapshot) {}

    /**
     * Looked at in this order: an attempt that ends in between leaves a busy collection, which is decided anew when it is
     * free. The other way round, what is stored would look as if nobody took care of it.
     */
    private State state(ScheduledCollection collection) {
        boolean busy = activities.isBusy(collection.name());
        return new State(
                busy, ledger.snapshot(collection.name(), collection.rules().schedule()));
    }

    private Progress progress(ScheduledCollection collection, State state) {
        RunLedger.Snapshot snapshot = state.snapshot();
        CollectionRecord record = snapshot.collection();
        return new Progress(
                record.state(),
                record.decidedUntil(),
                snapshot.claimed(),
                record.lastStartedAt(),
                pendingStarts.contains(collection.name()),
                activity(collection.name(), state));
    }

    private Activity activity(String name, State state) {
        Run active = state.snapshot().active();
        if (active != null && (active.state() == RunState.RUNNING || state.busy())) {
            return Activity.BUSY;
        }
        if (activities.stuck(name).isPresent()) {
            return Activity.STUCK;
        }
        if (active == null) {
            return Activity.IDLE;
        }
        return new Activity.Retrying(active.nextAttemptAt() == null ? active.createdAt() : active.nextAttemptAt());
    }

    /** An attempt that is stored as running but that nobody makes: its process ended, or its result was lost. */
    private boolean abandonOrphan(ScheduledCollection collection, State state) {
        Run active = state.snapshot().active();
        if (active == null || active.state() != RunState.RUNNING || state.busy()) {
            return false;
        }
        AttemptEnd end = AttemptEnd.ended(RunOutcome.ABANDONED, NO_END, Duration.ZERO, true);
        supervisor.end(collection, active, end);
        return true;
    }

    private void act(ScheduledCollection collection, @Nullable Run active, Decision decision) {
        if (decision instanceof Decision.Start start) {
            ledger.claim(collection.name(), start).ifPresent(run -> {
                pendingStarts.remove(collection.name());
                supervisor.submit(collection, run);
            });
        } else if (decision instanceof Decision.Skip skip) {
            ledger.skip(collection.name(), skip).ifPresent(run -> events.skipped(run, skip));
        } else if (active == null) {
            throw new IllegalStateException(decision + " without an unfinished run of '" + collection.name() + "'");
        } else if (decision instanceof Decision.StartAttempt) {
            ledger.requireWritable();
            supervisor.submit(collection, active);
        } else {
            ledger.giveUp(active)
                    .ifPresent(
                            run -> events.finished(run, collection.collector().name()));
        }
        log.atDebug()
                .addKeyValue("collection", collection.name())
                .addKeyValue("decision", decision)
                .log("decided");
    }
}
