package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.collectionscheduler.run.RunQueue.Permit;
import org.collectionscheduler.run.Standings.State;
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

    private static final int LOCKS = 256;

    private static final Duration SOON = Duration.ofSeconds(5);

    private final RunLedger ledger;
    private final AttemptSupervisor supervisor;
    private final Activities activities;
    private final Standings standings;
    private final RunEvents events;
    private final Clock clock;
    private final Map<String, String> quarantined = new ConcurrentHashMap<>();

    /**
     * Between claim and submission a run looks like one that nobody takes care of. Which lock a collection has follows
     * from its name, so that a hundred thousand collections need no lock each.
     */
    private final Object[] claiming = new Object[LOCKS];

    RunPipeline(
            RunLedger ledger,
            AttemptSupervisor supervisor,
            Activities activities,
            Standings standings,
            RunEvents events,
            Clock clock) {
        this.ledger = ledger;
        this.supervisor = supervisor;
        this.activities = activities;
        this.standings = standings;
        this.events = events;
        this.clock = clock;
        Arrays.setAll(claiming, number -> new Object());
    }

    /** The service starts with these collections. */
    public void starting(Collection<ScheduledCollection> collections) {
        supervisor.open();
        added(collections);
    }

    /** These collections will be woken, too: a run of kind {@code START} is considered once for each. */
    public void added(Collection<ScheduledCollection> collections) {
        collections.forEach(collection -> {
            supervisor.expect(collection.collector().name());
            quarantined.remove(collection.name());
            activities.declared(collection.name());
            standings.startIsPending(collection.name());
        });
    }

    /**
     * Starts nothing more of a collection and ends its unfinished runs. An attempt that is under way goes on, and how it
     * ends is stored; it is the run's last.
     *
     * @param retire stores that the collection is declared no more; no decision about it is made meanwhile
     * @throws StoreUnavailableException when that was not stored: nothing was changed
     */
    public void remove(String collection, Runnable retire) {
        tellingAfterwards(() -> {
            synchronized (claiming(collection)) {
                retire.run();
                activities.removed(collection);
                standings.startIsSettled(collection);
                quarantined.remove(collection);
                supervisor.giveUpUnfinished(collection);
                activities.forgetRemoved(collection);
                return true;
            }
        });
    }

    /** A collection that was added is removed, or declared otherwise: its collector has one collection less. */
    public void forget(ScheduledCollection collection) {
        supervisor.forget(collection.collector().name());
    }

    /** A collection that was added goes on as it is declared now; no run of kind {@code START} is considered for that. */
    public void changed(ScheduledCollection before, ScheduledCollection now) {
        supervisor.expect(now.collector().name());
        supervisor.forget(before.collector().name());
    }

    /** Does {@code work}, under whatever locks; listeners are told of what it changed when it has returned or failed. */
    public <T> T tellingAfterwards(Supplier<T> work) {
        return events.tellingAfterwards(work);
    }

    /**
     * Follows the collection's schedule no more, because what is stored of it cannot be read. The next start tries it
     * again.
     */
    public void quarantine(String collection, UnreadableRowException reason) {
        String message = String.valueOf(reason.getMessage());
        if (quarantined.putIfAbsent(collection, message) == null) {
            events.quarantined(collection, message);
            ledger.quarantine(collection);
        }
    }

    public boolean isQuarantined(String collection) {
        return quarantined.containsKey(collection);
    }

    /** Why each quarantined collection is, by its name. */
    public Map<String, String> quarantined() {
        return Map.copyOf(quarantined);
    }

    /**
     * What has been done for a collection that was woken.
     *
     * @param next when to wake it again, unless something changes before; empty when only a change can make it due
     * @param waits whether a run of it waits in this process for a permit; another one that shares the store may make it
     * @param begun an attempt whose claim is stored. Whoever has woken the collection must make it by this, at once, once,
     *     under no lock, and on a platform thread that it can do without until the collector returns; empty when there is
     *     nothing to make, or it is made elsewhere
     */
    public record Woken(Optional<Instant> next, boolean waits, Optional<Runnable> begun) {}

    /**
     * Does what is due for the collection; nothing once a drain has begun.
     *
     * @throws DeclaredOtherwiseException when the collection is in force as others declare it: leave it to them
     * @throws StoreUnavailableException when nothing could be decided or claimed: wake it again
     * @throws NoThreadException when a run waits for no other reason than that the machine refuses a thread: wake it again
     */
    public Woken wake(ScheduledCollection collection) {
        return wake(Outlook.unread(collection));
    }

    /** What is stored of a collection that is to be woken in a moment. */
    public static final class Outlook {

        private final ScheduledCollection collection;
        private final @Nullable State state;

        private Outlook(ScheduledCollection collection, @Nullable State state) {
            this.collection = collection;
            this.state = state;
        }

        /** Of that collection nothing was read ahead. */
        public static Outlook unread(ScheduledCollection collection) {
            return new Outlook(collection, null);
        }
    }

    /**
     * Reads ahead what the decision about a collection will need, so that its run begins that much earlier. Only what is
     * looked at again at the claim can change meanwhile, or is worth nothing to a decision that comes a moment later.
     */
    public Outlook lookAhead(ScheduledCollection collection) {
        try {
            State state = standings.state(collection);
            // An unfinished one may have gone on by then.
            return new Outlook(collection, state.snapshot().active().isEmpty() ? state : null);
        } catch (StoreUnavailableException | UnreadableRowException e) {
            log.atDebug()
                    .addKeyValue("collection", collection.name())
                    .setCause(e)
                    .log("not looked at ahead");
            return Outlook.unread(collection);
        }
    }

    /** Whether this process may claim runs. */
    public boolean mayClaim() {
        return ledger.mayClaim();
    }

    /** As {@link #wake(ScheduledCollection)}, a moment after {@link #lookAhead}. */
    public Woken wake(Outlook outlook) {
        ScheduledCollection collection = outlook.collection;
        Waking waking = new Waking(outlook);
        try {
            Optional<Instant> next = tellingAfterwards(() -> {
                synchronized (claiming(collection.name())) {
                    return isQuarantined(collection.name()) ? Optional.empty() : decideAndAct(waking);
                }
            });
            supervisor.startWaiting();
            return new Woken(next, supervisor.waits(collection.name()), Optional.ofNullable(waking.begun));
        } catch (RuntimeException | Error e) {
            if (waking.begun == null) {
                throw e;
            }
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError()
                    .addKeyValue("collection", collection.name())
                    .addKeyValue("runId", waking.begun.claimed().id())
                    .setCause(e)
                    .log("decided again soon: what came after this claim failed");
            return new Woken(Optional.of(clock.instant().plus(SOON)), false, Optional.of(waking.begun));
        }
    }

    /** One collection while it is decided about. */
    private static final class Waking {

        private final ScheduledCollection collection;
        private @Nullable State ahead;
        private AttemptSupervisor.@Nullable Begun begun;

        Waking(Outlook outlook) {
            this.collection = outlook.collection;
            this.ahead = outlook.state;
        }

        /** What was read ahead, once. */
        Optional<State> takeAhead() {
            Optional<State> taken = Optional.ofNullable(ahead);
            ahead = null;
            return taken;
        }
    }

    private Optional<Instant> decideAndAct(Waking waking) {
        ScheduledCollection collection = waking.collection;
        try {
            for (int i = 0; i < MOST_DECISIONS && supervisor.isOpen(); i++) {
                State state = waking.takeAhead().orElseGet(() -> standings.state(collection));
                Standings.requireInForce(collection, state);
                if (abandonOrphan(collection, state)) {
                    continue;
                }
                Instant now = clock.instant();
                Decision decision = decide(collection, state, now);
                if (decision instanceof Decision.Start start) {
                    State after = start(waking, state, start, now);
                    decision = after == null ? decision : decide(collection, after, now);
                } else if (!waits(decision) && !act(collection, state.snapshot(), decision, now)) {
                    return Optional.empty();
                }
                if (waits(decision)) {
                    standings.startIsSettled(collection.name());
                    return decision instanceof Decision.WaitUntil wait ? Optional.of(wait.at()) : Optional.empty();
                }
            }
        } catch (UnreadableRowException e) {
            quarantine(collection.name(), e);
            return Optional.empty();
        }
        if (!supervisor.isOpen()) {
            return Optional.empty();
        }
        throw new IllegalStateException("no end of decisions about collection '" + collection.name() + "'");
    }

    /**
     * Starts a run that somebody asks for.
     *
     * @return the run; empty when as many runs of the collection as may overlap are unfinished, or still run although
     *     they were given up, or the service stops
     * @throws StoreUnavailableException when it could not be claimed
     * @throws QuarantinedException when what is stored of the collection cannot be read
     */
    public Optional<Run> demand(ScheduledCollection collection, Cause cause) {
        if (!supervisor.isOpen()) {
            return Optional.empty();
        }
        try {
            return tellingAfterwards(() -> claimDemand(collection, cause));
        } catch (StoreUnavailableException e) {
            // Should it have been claimed all the same, whoever decides next finds it.
            events.freed(collection.name());
            throw e;
        }
    }

    private Optional<Run> claimDemand(ScheduledCollection collection, Cause cause) {
        int most = collection.rules().policy().maxOverlap();
        synchronized (claiming(collection.name())) {
            Optional<Run> run =
                    unended(collection) < most ? ledger.claimDemand(collection, most, cause) : Optional.empty();
            run.ifPresent(claimed -> submitDemand(collection, claimed));
            return run;
        }
    }

    private void submitDemand(ScheduledCollection collection, Run run) {
        boolean limited = collection.rules().policy().queueTimeout() != null;
        try {
            supervisor.submit(collection, run, run.createdAt());
        } catch (NoThreadException e) {
            log.atError()
                    .addKeyValue("collection", collection.name())
                    .addKeyValue("runId", run.id())
                    .setCause(e)
                    .log("run waits: no thread for it");
            limited = true;
        }
        if (limited) {
            // There is one more thing to wait for: the end of its time in the queue, or a thread.
            events.freed(collection.name());
        }
    }

    /** How many runs of the collection are unfinished, or still run although they were given up. */
    private int unended(ScheduledCollection collection) {
        int unfinished = 0;
        int stuck = activities.stuck(collection.name());
        try {
            State state = standings.state(collection);
            Standings.requireInForce(collection, state);
            RunLedger.Snapshot snapshot = state.snapshot();
            unfinished = snapshot.active().size();
            stuck += snapshot.stuckElsewhere();
        } catch (UnreadableRowException e) {
            quarantine(collection.name(), e);
        }
        String reason = quarantined.get(collection.name());
        if (reason != null) {
            throw new QuarantinedException(collection.name(), reason);
        }
        return unfinished + stuck;
    }

    private Object claiming(String collection) {
        return claiming[Math.floorMod(collection.hashCode(), LOCKS)];
    }

    /** Ends the unfinished runs of collections that are declared no more. What cannot be read is left as it is. */
    public void abandonRetired() {
        for (Run run : ledger.activeOfRetired()) {
            try {
                supervisor.giveUpUnlessUnderWay(run);
            } catch (UnreadableRowException e) {
                log.atWarn()
                        .addKeyValue("collection", run.collection())
                        .addKeyValue("runId", run.id())
                        .addKeyValue("reason", e.getMessage())
                        .log("run of a retired collection not ended");
            }
        }
    }

    /**
     * How far the collection has come, as decisions see it.
     *
     * @throws UnreadableRowException when what is stored of it cannot be read
     */
    public Progress progress(ScheduledCollection collection) {
        return standings.progress(collection, standings.state(collection));
    }

    /**
     * All that is stored of collections, and how far they have come, by name in the order given. Those whose row cannot
     * be read are left out. However many they are, they are read in few statements.
     */
    public Map<String, Standing> standings(List<ScheduledCollection> collections) {
        return standings.all(collections);
    }

    /**
     * Starts nothing more, waits for what runs, and cancels what has not ended then.
     *
     * @param grace how long running attempts may go on
     */
    public void drain(Duration grace) throws InterruptedException {
        supervisor.drain(grace);
    }

    /** Starts nothing more and leaves what waits to others; what runs goes on. */
    public void handOver() {
        supervisor.handOver();
    }

    /** Cancels every attempt under way, for others may be making them by now. Each is stored as abandoned, unless they do. */
    public void leaseLost() {
        supervisor.leaseLost();
    }

    /** Whether nothing more is started, by a drain or a stop. */
    public boolean isDrained() {
        return !supervisor.isOpen();
    }

    /** How many attempts are under way in this process. */
    public int running() {
        return activities.executing().size();
    }

    /** False while none of the runs that come due could start at once. */
    public boolean hasFreePermit() {
        return supervisor.hasFreePermit();
    }

    /**
     * Collections of which an attempt ignores its cancellation, in any instance, and since when.
     *
     * @throws StoreUnavailableException when the store does not tell of other instances
     */
    public List<StuckAttempt> stuck() {
        return Stream.concat(activities.stuckAttempts().stream(), ledger.stuckElsewhere().stream())
                .toList();
    }

    /** Collections whose newest result waits for the store. */
    public List<String> unstored() {
        return activities.unstored();
    }

    /** How many runs wait for a permit. */
    public int waiting() {
        return supervisor.waiting();
    }

    /** @return whether there was one */
    private boolean abandonOrphan(ScheduledCollection collection, State state) {
        Optional<Run> orphan = standings.orphan(state);
        orphan.ifPresent(run ->
                supervisor.end(collection, run, AttemptEnd.ended(RunOutcome.ABANDONED, NO_END, Duration.ZERO, true)));
        return orphan.isPresent();
    }

    private Decision decide(ScheduledCollection collection, State state, Instant now) {
        return Decider.decide(collection.rules(), standings.progress(collection, state), now);
    }

    private static boolean waits(Decision decision) {
        return decision instanceof Decision.WaitUntil || decision instanceof Decision.WaitForChange;
    }

    /**
     * Claims a run. With a permit that is free at once, that begins its first attempt, too: one for each waking, for it
     * is made on the thread of whoever has woken the collection.
     *
     * @return what is stored with that run claimed, which need not be read; null when it was not claimed
     */
    private @Nullable State start(Waking waking, State before, Decision.Start start, Instant now) {
        ScheduledCollection collection = waking.collection;
        logDecision(collection, start);
        Instant decidedOn = before.snapshot().collection().lastDecidedSlot();
        Optional<Permit> permit = waking.begun == null ? supervisor.tryPermit(collection) : Optional.empty();
        Optional<Run> claimed = permit.isPresent()
                ? begin(waking, start, decidedOn, permit.get())
                : ledger.claim(collection, start, decidedOn);
        if (claimed.isEmpty()) {
            return null;
        }
        standings.startIsSettled(collection.name());
        if (permit.isEmpty()) {
            supervisor.submit(collection, claimed.get(), now);
        }
        return before.with(claimed.get());
    }

    private Optional<Run> begin(Waking waking, Decision.Start start, @Nullable Instant decidedOn, Permit permit) {
        Optional<AttemptSupervisor.Begun> begun = supervisor.begin(waking.collection, start, decidedOn, permit);
        waking.begun = begun.orElse(null);
        return begun.map(AttemptSupervisor.Begun::claimed);
    }

    /** False when nothing can be decided until the collection is free. */
    private boolean act(ScheduledCollection collection, RunLedger.Snapshot snapshot, Decision decision, Instant now) {
        logDecision(collection, decision);
        if (decision instanceof Decision.Skip skip) {
            Instant decidedOn = snapshot.collection().lastDecidedSlot();
            ledger.skip(collection.name(), skip, decidedOn).ifPresent(run -> events.skipped(run, skip));
        } else if (decision instanceof Decision.StartAttempt attempt) {
            ledger.requireWritable();
            supervisor.submit(collection, find(snapshot.active(), attempt.runId()), now);
        } else if (decision instanceof Decision.GiveUp giveUp) {
            // It may be too late by a clock that is wrong.
            ledger.requireClaims();
            return supervisor.giveUp(collection, find(snapshot.active(), giveUp.runId()), giveUp.tooLate());
        }
        return true;
    }

    private static void logDecision(ScheduledCollection collection, Decision decision) {
        log.atDebug()
                .addKeyValue("collection", collection.name())
                .addKeyValue("decision", decision)
                .log("decided");
    }

    private static Run find(List<Run> active, String runId) {
        return active.stream()
                .filter(run -> run.id().equals(runId))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a decision about run " + runId + ", which has ended"));
    }
}
