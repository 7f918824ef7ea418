package org.collectionscheduler.run;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.collectionscheduler.run.RunQueue.Permit;
import org.collectionscheduler.schedule.ActiveRun;
import org.collectionscheduler.schedule.ActiveRun.Stage;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.Decision.GiveUp;
import org.collectionscheduler.schedule.SkipReason;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes attempts: waits for a permit, begins them in the store, watches them, and stores how they ended. */
final class AttemptSupervisor {

    private static final Logger log = LoggerFactory.getLogger(AttemptSupervisor.class);

    /** How long a result is kept while the store does not take it. */
    private static final Duration KEEP_RESULT = Duration.ofMinutes(10);

    private static final Duration FIRST_STORE_DELAY = Duration.ofMillis(200);
    private static final Duration LONGEST_STORE_DELAY = Duration.ofSeconds(10);

    /** How long a cancelled collector may take to return, and after a stop, for its end to be stored. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

    private static final String CLAIMED_TOO_LATE = "its time to start passed while its claim was being stored";

    private final RunLedger ledger;
    private final RunQueue queue;
    private final Activities activities;
    private final RunEvents events;
    private final AttemptExecution.Environment environment;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private volatile boolean cancelling;
    private volatile CountDownLatch drained = new CountDownLatch(1);

    AttemptSupervisor(
            RunLedger ledger,
            RunQueue queue,
            Activities activities,
            RunEvents events,
            AttemptExecution.Environment environment) {
        this.ledger = ledger;
        this.queue = queue;
        this.activities = activities;
        this.events = events;
        this.environment = environment;
    }

    /** Takes runs again after {@link #drain}. */
    void open() {
        cancelling = false;
        drained = new CountDownLatch(1);
        queue.open();
    }

    /** That collector has one collection more. */
    void expect(String collector) {
        queue.expect(collector);
    }

    /** That collector has one collection less. */
    void forget(String collector) {
        queue.forget(collector);
    }

    /** Starts what waits and may start, should a thread have been refused before. */
    void startWaiting() {
        queue.startWaiting();
    }

    /** False from the beginning of a drain on: nothing that is submitted is begun. */
    boolean isOpen() {
        return queue.isOpen();
    }

    /** How many runs wait for a permit. */
    int waiting() {
        return queue.waiting();
    }

    /** Whether a run of that collection waits here for a permit. */
    boolean waits(String collection) {
        return activities.runsOf(collection).stream().anyMatch(queue::isWaiting);
    }

    boolean hasFreePermit() {
        return queue.hasFreePermit();
    }

    /** Starts nothing more; what runs goes on. */
    void handOver() {
        queue.close();
    }

    /**
     * The attempts under way are cancelled, and end as abandoned. Of those that were given up and still run the others are
     * told anew, for they know of none of an instance that has ended.
     */
    void leaseLost() {
        activities.executing().forEach(execution -> execution.cancel(RunOutcome.ABANDONED));
        activities.ignoring().forEach(execution -> environment.threads().execute(() -> tellStuck(execution)));
    }

    /** A permit for a run of that collection that need not wait. */
    Optional<Permit> tryPermit(ScheduledCollection collection) {
        return queue.tryPermit(collection.collector().name());
    }

    /** Claims a run that is in its first attempt at once. Empty when it was not claimed; the permit is given back then. */
    Optional<Begun> begin(
            ScheduledCollection collection, Decision.Start start, @Nullable Instant decidedOn, Permit permit) {
        Optional<Run> claimed = Optional.empty();
        try {
            claimed = ledger.claimBegun(collection, start, decidedOn);
            claimed.ifPresent(activities::queued);
        } finally {
            if (claimed.isEmpty()) {
                permit.giveBack();
            }
        }
        return claimed.map(run -> new Begun(collection, run, permit));
    }

    /** An attempt that is stored as begun, and must be made. */
    final class Begun implements Runnable {

        private final ScheduledCollection collection;
        private final Run claimed;
        private final Permit permit;

        private Begun(ScheduledCollection collection, Run claimed, Permit permit) {
            this.collection = collection;
            this.claimed = claimed;
            this.permit = permit;
        }

        Run claimed() {
            return claimed;
        }

        /** Makes it on this thread, which goes on with what waits. */
        @Override
        public void run() {
            permit.use(() -> attemptUnlessTooLate(collection, claimed, permit));
        }
    }

    /**
     * Has the run's next attempt made as soon as a permit is free. Does nothing for a run that this process takes care of
     * already: its collection is decided anew when it is free.
     *
     * @param decidedAt when it was decided that the attempt should be made
     * @throws NoThreadException when no thread can be started: it is made after a later {@link #startWaiting}
     */
    void submit(ScheduledCollection collection, Run run, Instant decidedAt) {
        if (activities.queued(run)) {
            queue.submit(new RunQueue.Work(
                    run.id(),
                    collection.collector().name(),
                    run.dueAt(),
                    permit -> supervise(collection, run, decidedAt, permit),
                    () -> activities.freed(run)));
        }
    }

    /**
     * Ends a run of which no attempt is under way.
     *
     * @param tooLate why it may not start any more; null when it is given up for another reason
     * @return false when it has just got its permit: nothing was changed, and its collection is decided anew when it is
     *     free
     */
    boolean giveUp(ScheduledCollection collection, Run run, @Nullable SkipReason tooLate) {
        if (!queue.withdraw(run.id()) && activities.putOff(run)) {
            return false;
        }
        try {
            endUnattempted(collection, run, tooLate);
        } finally {
            activities.freed(run);
        }
        return true;
    }

    /**
     * Ends the unfinished runs of a collection that is declared no more. An attempt under way goes on; it is the last.
     * What cannot be ended now is ended at the next start.
     */
    void giveUpUnfinished(String collection) {
        try {
            for (Run run : ledger.active(collection)) {
                giveUpUnlessUnderWay(run);
            }
        } catch (StoreUnavailableException | UnreadableRowException e) {
            log.atWarn()
                    .addKeyValue("collection", collection)
                    .addKeyValue("reason", e.getMessage())
                    .log("unfinished runs of a removed collection not ended");
        }
    }

    /** Of a collection that is declared no more. */
    void giveUpUnlessUnderWay(Run run) {
        Set<String> here = activities.runsOf(run.collection());
        if (queue.withdraw(run.id()) || !here.contains(run.id()) && !activities.isUnderWay(run, here)) {
            try {
                giveUp(run);
            } finally {
                activities.freed(run);
            }
        }
    }

    /** Ends a run that nobody takes care of, of a collection that is declared no more. */
    private void giveUp(Run run) {
        ledger.giveUp(null, run).ifPresent(end -> events.ended(end, ledger.collectorOf(run.collection())));
    }

    /**
     * Ends an attempt, with a further one to follow where that is worth while.
     *
     * @return whether the collection goes on as if nothing had happened: that was the run's end, and no rest begins or ends
     */
    boolean end(ScheduledCollection collection, Run run, AttemptEnd end) {
        Optional<RunEnd> stored = ledger.endAttempt(collection, run, end, nextAttemptAt(collection, run, end));
        if (stored.isEmpty()) {
            log.atWarn()
                    .addKeyValue("collection", run.collection())
                    .addKeyValue("runId", run.id())
                    .addKeyValue("attempt", run.attempt())
                    .addKeyValue("outcome", end.outcome())
                    .log("the run has moved on; this attempt's end is not stored");
            return false;
        }
        RunEnd ended = stored.get();
        if (!ended.run().isFinished()) {
            events.attemptFailed(ended.run());
            return false;
        }
        String content = end.content();
        long bytes = content == null ? 0 : content.getBytes(StandardCharsets.UTF_8).length;
        events.ended(ended, collection.collector().name(), bytes);
        return ended.suspendedUntil() == null && ended.recoveredFrom() == null;
    }

    /** Starts nothing more; after {@code grace}, cancels what still runs and gives its end a moment to be stored. */
    void drain(Duration grace) throws InterruptedException {
        queue.close();
        try {
            if (queue.awaitIdle(grace)) {
                return;
            }
            cancelAll();
            if (!queue.awaitIdle(STOP_PATIENCE)) {
                log.atWarn().addKeyValue("unstored", activities.unstored()).log("stopped before every run was stored");
            }
        } finally {
            cancelAll();
            drained.countDown();
        }
    }

    /** Attempts that are only about to begin find the mark and cancel themselves. */
    private void cancelAll() {
        cancelling = true;
        activities.executing().forEach(execution -> execution.cancel(RunOutcome.CANCELLED));
    }

    private void supervise(ScheduledCollection collection, Run run, Instant decidedAt, Permit permit) {
        Optional<Run> started = Optional.empty();
        try {
            started = startUnlessTooLate(collection, run, decidedAt);
        } catch (StoreUnavailableException e) {
            log.atWarn()
                    .addKeyValue("collection", run.collection())
                    .addKeyValue("runId", run.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("attempt not started: the store cannot be written");
        } catch (RuntimeException | Error e) {
            logFault(run, e);
        } finally {
            if (started.isEmpty()) {
                leave(run);
            }
        }
        started.ifPresent(begun -> attempt(collection, begun, permit));
    }

    private static void logFault(Run run, Throwable fault) {
        ExhaustedHeap.endProcessIfBehind(fault);
        log.atError()
                .addKeyValue("collection", run.collection())
                .addKeyValue("runId", run.id())
                .setCause(fault)
                .log("attempt broken off by a fault of the service");
    }

    /** This process does nothing more for the run; what may have to be decided now, is. */
    private void leave(Run run) {
        left(run);
        events.freed(run.collection());
    }

    /** As {@link #leave}, when the collection goes on as if nothing had happened. */
    private void leaveSettled(Run run) {
        if (left(run)) {
            events.freed(run.collection());
        } else {
            events.settled(run.collection());
        }
    }

    /** @return whether a decision about its collection was put off until now */
    private boolean left(Run run) {
        boolean putOff = activities.freed(run);
        if (activities.isRemoved(run.collection())) {
            giveUpUnfinished(run.collection());
            activities.forgetRemoved(run.collection());
        }
        return putOff;
    }

    /**
     * Nobody may have looked at it between the end of its time in the queue and the permit.
     *
     * @return the run in its next attempt; empty when it gets none
     */
    private Optional<Run> startUnlessTooLate(ScheduledCollection collection, Run run, Instant decidedAt) {
        ActiveRun queued = new ActiveRun(run.id(), run.kind(), run.dueAt(), run.attempt(), Stage.QUEUED, null);
        Optional<GiveUp> givenUp = Decider.afterQueue(
                collection.rules(), queued, decidedAt, environment.clock().instant());
        if (givenUp.isPresent()) {
            ledger.requireClaims();
            endUnattempted(collection, run, givenUp.get().tooLate());
            return Optional.empty();
        }
        return ledger.startAttempt(run);
    }

    /** A slow store may have taken longer for the claim than there was time. */
    private void attemptUnlessTooLate(ScheduledCollection collection, Run run, Permit permit) {
        ActiveRun claimed = new ActiveRun(run.id(), run.kind(), run.dueAt(), 0, Stage.QUEUED, null);
        Instant now = environment.clock().instant();
        if (Decider.afterQueue(collection.rules(), claimed, run.createdAt(), now)
                .isPresent()) {
            ended(collection, run, AttemptEnd.ended(RunOutcome.ABANDONED, CLAIMED_TOO_LATE, Duration.ZERO, false));
        } else {
            attempt(collection, run, permit);
        }
    }

    /** What never began was skipped; what was attempted has the outcome of its newest attempt. */
    private void endUnattempted(ScheduledCollection collection, Run run, @Nullable SkipReason tooLate) {
        if (tooLate != null && run.attempt() == 0) {
            ledger.skipUnstarted(run, tooLate).ifPresent(skipped -> events.dropped(skipped, tooLate));
        } else {
            ledger.giveUp(collection, run)
                    .ifPresent(end -> events.ended(end, collection.collector().name()));
        }
    }

    /** Makes the attempt that the run is in, on this thread, and sees to its end, which another thread may bring. */
    private void attempt(ScheduledCollection collection, Run run, Permit permit) {
        AttemptExecution execution = new AttemptExecution(
                run,
                collection.collector(),
                collection.parameters(),
                collection.policy().timeout(),
                environment);
        try {
            events.attemptStarted(
                    run, collection.collector().name(), environment.clock().instant());
            activities.executing(execution);
            if (cancelling) {
                execution.cancel(RunOutcome.CANCELLED);
            }
            if (!ledger.isOfThisLife(run)) {
                execution.cancel(RunOutcome.ABANDONED);
            }
            Optional<AttemptEnd> end = execution.run(PATIENCE, ignored -> {
                activities.stuck(execution);
                tellStuck(execution);
                try {
                    ended(collection, run, ignored);
                } finally {
                    permit.giveBack();
                }
            });
            end.ifPresentOrElse(
                    returned -> {
                        permit.ending();
                        ended(collection, run, returned);
                    },
                    () -> {
                        permit.leaveToAnother();
                        tellReturned(execution);
                    });
        } catch (RuntimeException | Error e) {
            logFault(run, e);
            leave(run);
        }
    }

    /** Before the run's end, after which another instance may start the next one. */
    private void tellStuck(AttemptExecution execution) {
        try {
            ledger.rememberStuck(execution.run());
        } catch (StoreUnavailableException e) {
            logUntold(execution.run(), e, "other instances are not told that an attempt still runs");
        }
        if (!execution.isStuck()) {
            tellReturned(execution);
        }
    }

    private void tellReturned(AttemptExecution execution) {
        try {
            ledger.forgetStuck(execution.run());
        } catch (StoreUnavailableException e) {
            logUntold(execution.run(), e, "other instances are told later that an attempt has returned");
            tellReturnedLater(execution);
        }
    }

    private void tellReturnedLater(AttemptExecution execution) {
        try {
            Future<?> unused = environment
                    .timer()
                    .schedule(
                            () -> environment.threads().execute(() -> tellReturned(execution)),
                            LONGEST_STORE_DELAY.toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // With this process ends whatever it has not told.
            log.atDebug()
                    .addKeyValue("runId", execution.run().id())
                    .setCause(e)
                    .log("not told: the service has stopped");
        }
    }

    private static void logUntold(Run run, StoreUnavailableException reason, String what) {
        log.atWarn()
                .addKeyValue("collection", run.collection())
                .addKeyValue("runId", run.id())
                .addKeyValue("reason", reason.getMessage())
                .log(what);
    }

    private void ended(ScheduledCollection collection, Run run, AttemptEnd end) {
        boolean settled = false;
        try {
            settled = endWhenStorable(collection, run, end);
        } catch (RuntimeException | Error e) {
            logFault(run, e);
        } finally {
            if (settled) {
                leaveSettled(run);
            } else {
                leave(run);
            }
        }
    }

    /**
     * Keeps the result while the store is away, for a bounded time; after that the attempt counts as abandoned.
     *
     * @return as {@link #end}; false when nothing was stored
     */
    private boolean endWhenStorable(ScheduledCollection collection, Run run, AttemptEnd end) {
        long start = environment.ticker().nanos();
        Duration delay = FIRST_STORE_DELAY;
        while (true) {
            try {
                return end(collection, run, end);
            } catch (StoreUnavailableException e) {
                activities.unstored(run);
                boolean over = environment.ticker().since(start).compareTo(KEEP_RESULT) > 0;
                if (over || isDrainedWithin(delay)) {
                    logLost(run, end, e);
                    return false;
                }
                delay = delay.multipliedBy(2).compareTo(LONGEST_STORE_DELAY) > 0
                        ? LONGEST_STORE_DELAY
                        : delay.multipliedBy(2);
            }
        }
    }

    /** Nobody interrupts this thread but what a collector has left behind, and no result is lost for that. */
    private boolean isDrainedWithin(Duration delay) {
        Thread.interrupted();
        try {
            return drained.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            log.atDebug().setCause(e).log("interrupted by what a collector has left behind");
            return false;
        }
    }

    private static void logLost(Run run, AttemptEnd end, StoreUnavailableException reason) {
        log.atError()
                .addKeyValue("collection", run.collection())
                .addKeyValue("runId", run.id())
                .addKeyValue("attempt", run.attempt())
                .addKeyValue("outcome", end.outcome())
                .addKeyValue("reason", reason.getMessage())
                .log("result lost: the store did not take it in time");
    }

    private @Nullable Instant nextAttemptAt(ScheduledCollection collection, Run run, AttemptEnd end) {
        RetryPolicy retry = collection.policy().retry();
        boolean again = end.outcome().isFailure()
                && end.worthRepeating()
                && collection.collector().repeatable()
                && run.attempt() < retry.maxAttempts();
        if (!again) {
            return null;
        }
        Duration delay = retry.delayAfter(run.attempt(), random);
        return Instant.ofEpochMilli(environment.clock().millis()).plus(delay);
    }
}
