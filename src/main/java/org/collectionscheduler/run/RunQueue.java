package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a bounded number of runs go at a time, and of each collector a number of its own; what waits goes in the order in
 * which it is due.
 */
final class RunQueue {

    private static final Logger log = LoggerFactory.getLogger(RunQueue.class);

    /**
     * What is to be done.
     *
     * @param runId by which it can be withdrawn
     * @param collector whose permits it needs
     * @param work has its permit until it returns, unless it is given back before or left to another
     * @param dropped called instead of {@code work} when it will not be done: the queue is closed
     */
    record Work(String runId, String collector, Instant dueAt, Consumer<Permit> work, Runnable dropped) {}

    /** One run may go. */
    final class Permit {

        private final String collector;

        /** In the whole deployment; null when its collector has no limit there. */
        private DeploymentLimits.@Nullable Counted counted;

        private boolean givenBack;
        private boolean leftToAnother;

        /** Another one may go in its place already. */
        private boolean ending;

        private Permit(String collector) {
            this.collector = collector;
        }

        /** Does {@code work}, gives the permit back whatever comes of that, and goes on with what waits. */
        void use(Runnable work) {
            hold(this, work);
            goOn();
        }

        /**
         * Of the work nothing is left but to store what came of it: another run may go meanwhile, unless as many as there
         * are permits are being stored already, or its collector's runs are counted in the whole deployment. It is given
         * back all the same, when that is stored.
         */
        void ending() {
            if (letAnotherGo(this)) {
                startOthers();
            }
        }

        /** The work that used it has returned, but somebody else still has to do with its end, and gives it back then. */
        void leaveToAnother() {
            leftToAnother = true;
        }

        /** For what has ended although its work has not returned, or was never begun. What waits may start instead. */
        void giveBack() {
            release(this);
            startOthers();
        }
    }

    /** What has its permit, and is to have a thread. */
    private final class Started {

        private final Shares.Entry entry;
        private final Permit permit;

        Started(Shares.Entry entry, Permit permit) {
            this.entry = entry;
            this.permit = permit;
        }

        Runnable work() {
            return () -> entry.work().work().accept(permit);
        }
    }

    /** How long nothing is tried that has found the deployment's limit reached. */
    private static final Duration REST = Duration.ofSeconds(1);

    /** How long a run waits for a permit before that is stored. */
    static final Duration MOMENT = Duration.ofMillis(100);

    private final Executor threads;
    private final ScheduledExecutorService timer;
    private final CollectorLimits limits;
    private final DeploymentLimits deployment;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** A permit may be free for one of those that wait for that; who cannot use it tells the next one. */
    private final Condition freed = lock.newCondition();

    private final Shares shares;
    private boolean closed;

    /** How often a permit was taken or given back. */
    private long moved;

    /** For a moment none was: until one is, nobody waits for that. */
    private boolean stalled;

    /**
     * @param permits runs at a time, at least 1
     * @param threads lends each run a thread, which does what waits when that is done
     * @param timer does nothing that can block
     */
    RunQueue(
            int permits,
            CollectorLimits limits,
            DeploymentLimits deployment,
            Executor threads,
            ScheduledExecutorService timer) {
        this.shares = new Shares(permits, limits::here);
        this.limits = limits;
        this.deployment = deployment;
        this.threads = threads;
        this.timer = timer;
    }

    /** That collector has one collection more: a permit is kept for it while it runs none. */
    void expect(String collector) {
        lock.lock();
        try {
            shares.expect(collector);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has the work done as soon as there is a permit for it.
     *
     * @throws NoThreadException when what waits could start, but no thread can: it waits for {@link #startWaiting}
     */
    void submit(Work work) {
        if (!enqueue(work)) {
            work.dropped().run();
            return;
        }
        startWaiting();
    }

    /**
     * A permit that nothing in the queue waits for, and that is free at once, or within {@link #MOMENT} while others are
     * given back: to wait for it here costs less than to have the run stored as waiting first. Empty when there is none,
     * or the queue is closed; whoever has it must use it or give it back.
     */
    Optional<Permit> tryPermit(String collector) {
        return tryPermitHere(collector).filter(permit -> {
            boolean counted = isCounted(permit);
            if (!counted) {
                release(permit);
            }
            return counted;
        });
    }

    private Optional<Permit> tryPermitHere(String collector) {
        lock.lock();
        try {
            if (!awaitFree(collector)) {
                shares.dropIfUnused(collector);
                freed.signal();
                return Optional.empty();
            }
            return Optional.of(permit(collector));
        } finally {
            lock.unlock();
        }
    }

    /** False when nothing is free for that collector, and will hardly be in a moment. */
    private boolean awaitFree(String collector) {
        long left = MOMENT.toNanos();
        long movedBefore = moved;
        while (!closed && shares.waiting() == 0 && left > 0 && !stalled && !shares.mayStart(collector)) {
            try {
                left = freed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        stalled |= left <= 0 && moved == movedBefore;
        return !closed && !shares.mayStartAny() && shares.mayStart(collector);
    }

    /** Forgets work that still waits. False when it does not: it has begun, or was never submitted. */
    boolean withdraw(String runId) {
        lock.lock();
        try {
            return shares.remove(runId);
        } finally {
            lock.unlock();
        }
    }

    /** That collector has one collection less: with the last one, and its last run, it is forgotten. */
    void forget(String collector) {
        lock.lock();
        try {
            shares.forget(collector);
        } finally {
            lock.unlock();
        }
    }

    boolean isWaiting(String runId) {
        lock.lock();
        try {
            return shares.isWaiting(runId);
        } finally {
            lock.unlock();
        }
    }

    /** Whether any run could start at once; not so while it is closed. */
    boolean hasFreePermit() {
        lock.lock();
        try {
            return !closed && shares.hasFreePermit();
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for a permit. */
    int waiting() {
        lock.lock();
        try {
            return shares.waiting();
        } finally {
            lock.unlock();
        }
    }

    /** Takes work again after {@link #close()}, and is told of every collection anew. */
    void open() {
        lock.lock();
        try {
            closed = false;
            shares.forgetAll();
        } finally {
            lock.unlock();
        }
    }

    /** Starts nothing more; what waits is dropped. */
    void close() {
        List<Shares.Entry> forgotten;
        lock.lock();
        try {
            closed = true;
            freed.signalAll();
            forgotten = shares.removeAll();
        } finally {
            lock.unlock();
        }
        forgotten.forEach(entry -> entry.work().dropped().run());
    }

    boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing runs, nor is being stored. False when {@code wait} passed before that. */
    boolean awaitIdle(Duration wait) throws InterruptedException {
        long left = wait.toNanos();
        lock.lock();
        try {
            while (shares.isBusy() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !shares.isBusy();
        } finally {
            lock.unlock();
        }
    }

    private boolean enqueue(Work work) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            shares.add(work);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts what waits and may start. That happens by itself, but after a thread was refused.
     *
     * @throws NoThreadException when one is refused: what it was for waits on
     */
    void startWaiting() {
        Started next = take();
        while (next != null) {
            start(next);
            next = take();
        }
    }

    /** An exhausted machine refuses a thread with an Error. Neither that nor anything else may cost a permit for good. */
    private void start(Started next) {
        try {
            threads.execute(() -> {
                make(next);
                goOn();
            });
        } catch (RuntimeException | Error e) {
            putBack(next);
            throw new NoThreadException(e);
        }
    }

    /** Work that waits, on this thread. What the deployment's limit keeps from starting waits on. */
    private void make(Started next) {
        if (isCounted(next.permit)) {
            hold(next.permit, next.work());
        } else {
            putBack(next);
        }
    }

    /** With whatever waits and may start. */
    private void goOn() {
        Started next = takeBesideOthers();
        while (next != null) {
            make(next);
            next = takeBesideOthers();
        }
    }

    /** False when as many runs of its collector as may be go in the deployment: it rests then. */
    private boolean isCounted(Permit permit) {
        OptionalInt everywhere = limits.everywhere(permit.collector);
        if (everywhere.isEmpty()) {
            return true;
        }
        Optional<DeploymentLimits.Counted> counted = deployment.tryAcquire(permit.collector, everywhere.getAsInt());
        permit.counted = counted.orElse(null);
        if (counted.isEmpty()) {
            rest(permit.collector);
        }
        return counted.isPresent();
    }

    private void rest(String collector) {
        lock.lock();
        try {
            if (!shares.rest(collector)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            Future<?> unused = timer.schedule(() -> tryAgain(collector), REST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("not tried again: the service has stopped");
        }
    }

    private void tryAgain(String collector) {
        lock.lock();
        try {
            shares.endRest(collector);
        } finally {
            lock.unlock();
        }
        startOthers();
    }

    private void putBack(Started refused) {
        boolean drop;
        lock.lock();
        try {
            release(refused.permit);
            drop = closed;
            if (!drop) {
                shares.add(refused.entry);
            }
        } finally {
            lock.unlock();
        }
        if (drop) {
            refused.entry.work().dropped().run();
        }
    }

    private @Nullable Started take() {
        lock.lock();
        try {
            Shares.Entry next = closed ? null : shares.poll();
            return next == null ? null : new Started(next, permit(next.work().collector()));
        } finally {
            lock.unlock();
        }
    }

    private Permit permit(String collector) {
        shares.begin(collector);
        moved();
        return new Permit(collector);
    }

    private void moved() {
        moved++;
        stalled = false;
    }

    private void hold(Permit permit, Runnable work) {
        boolean done = false;
        // What did other work on this thread may have left an interrupt behind.
        Thread.interrupted();
        try {
            work.run();
            done = true;
        } finally {
            if (!permit.leftToAnother) {
                release(permit);
            }
            if (!done) {
                startOthers();
            }
        }
    }

    /** A thread that has done its work takes what is next itself, which costs less than to start another one. */
    private @Nullable Started takeBesideOthers() {
        Started next = take();
        startOthers();
        return next;
    }

    /** What may start beside the work that this thread has taken. It must do that whatever becomes of the others. */
    private void startOthers() {
        try {
            startWaiting();
        } catch (NoThreadException e) {
            log.atError().addKeyValue("waiting", waiting()).setCause(e).log("no thread for a run; it waits");
        }
    }

    /** @return whether there is one that waits for that */
    private boolean letAnotherGo(Permit permit) {
        lock.lock();
        try {
            if (permit.counted != null || permit.givenBack || permit.ending || !shares.mayEnd()) {
                return false;
            }
            permit.ending = true;
            shares.beginEnding(permit.collector);
            moved();
            freed.signal();
            return shares.waiting() > 0;
        } finally {
            lock.unlock();
        }
    }

    private void release(Permit permit) {
        DeploymentLimits.Counted counted = permit.counted;
        if (releaseHere(permit) && counted != null) {
            counted.release();
        }
    }

    private boolean releaseHere(Permit permit) {
        lock.lock();
        try {
            if (permit.givenBack) {
                return false;
            }
            permit.givenBack = true;
            if (permit.ending) {
                shares.endEnding();
            } else {
                shares.end(permit.collector);
                moved();
                freed.signal();
            }
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
