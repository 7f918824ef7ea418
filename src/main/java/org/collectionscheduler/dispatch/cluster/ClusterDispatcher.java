package org.collectionscheduler.dispatch.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.collectionscheduler.dispatch.Dispatcher;
import org.collectionscheduler.dispatch.Engine;
import org.collectionscheduler.run.ClaimsHeldException;
import org.collectionscheduler.run.DeclaredOtherwiseException;
import org.collectionscheduler.run.NoThreadException;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunPipeline.Outlook;
import org.collectionscheduler.run.RunPipeline.Woken;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;

/**
 * Wakes what is due in the deployment and nobody else has woken. What happens in this process, such as the end of an
 * attempt, wakes its collection here at once, and then tells the table when it is to be woken next.
 */
final class ClusterDispatcher implements Dispatcher, Membership.Reactions {

    private static final Logger log = LoggerFactory.getLogger(ClusterDispatcher.class);

    private static final Duration SOON = Duration.ofSeconds(5);

    private final Pipeline pipeline;
    private final Parts parts;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final DelayedWork work;
    private final Announcer announcer;
    private final OwnWakings wakings;
    private final LeftToOthers left;
    private final Map<String, ScheduledCollection> served = new ConcurrentHashMap<>();
    private final AtomicBoolean endingRetired = new AtomicBoolean();
    private volatile boolean started;

    /** Nobody waits any longer. */
    private volatile CountDownLatch stopped = new CountDownLatch(1);

    /** What the dispatcher is made of. */
    record Parts(
            WakeTable table, PollingEngine engine, DueTimer due, Notifications notifications, Membership membership) {}

    ClusterDispatcher(Pipeline pipeline, Parts parts, Clock clock, ScheduledExecutorService timer) {
        this.pipeline = pipeline;
        this.parts = parts;
        this.clock = clock;
        this.timer = timer;
        this.work = new DelayedWork(timer);
        this.announcer = new Announcer(parts.table(), parts.due(), parts.notifications(), clock, work);
        this.left = new LeftToOthers(clock);
        this.wakings = new OwnWakings(pipeline, this::served, announcer, left, work);
    }

    private Optional<ScheduledCollection> served(String name) {
        return started ? Optional.ofNullable(served.get(name)) : Optional.empty();
    }

    @Override
    public String engine() {
        return Engine.CLUSTER.lowerCaseName();
    }

    @Override
    public synchronized void start(Collection<ScheduledCollection> collections) {
        served.clear();
        collections.forEach(collection -> served.put(collection.name(), collection));
        parts.membership().start(this);
        parts.table().ensure(collections);
        parts.table().removeStale();
        started = true;
        stopped = new CountDownLatch(1);
        parts.notifications().start(parts.due()::arm, parts.membership()::lookSoon, this::databaseIsBack);
        parts.engine().start(collectors(collections), this::wakeDue);
        parts.due().start(timer);
        // What happens once in each process is not in the table.
        wakings.wakeAll(collections.stream()
                .filter(collection -> collection.rules().runOnStart() != RunOnStart.NEVER)
                .map(ScheduledCollection::name)
                .toList());
    }

    private static Set<String> collectors(Collection<ScheduledCollection> collections) {
        return collections.stream()
                .map(collection -> collection.collector().name())
                .collect(Collectors.toSet());
    }

    @Override
    public synchronized void add(ScheduledCollection collection) {
        if (!started) {
            return;
        }
        served.put(collection.name(), collection);
        enter(collection);
        parts.engine().take(collectors(List.of(collection)));
        wakings.wake(collection.name());
    }

    /** It is stored as declared already: whether the table takes it now is no matter of whoever has declared it. */
    private void enter(ScheduledCollection collection) {
        try {
            parts.table().ensure(List.of(collection));
            parts.table().removeOthers(collection.name(), collection.collector().name());
        } catch (DataAccessException e) {
            log.atWarn()
                    .addKeyValue("collection", collection.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("woken in this process alone until the database takes its row; tried again");
            work.after(SOON, () -> enterAgain(collection));
        }
    }

    private void enterAgain(ScheduledCollection collection) {
        if (started && served.get(collection.name()) == collection) {
            enter(collection);
        }
    }

    /** A row that stays is parked when it is due, and goes with the next start of a process. */
    @Override
    public synchronized void remove(String collection) {
        served.remove(collection);
        try {
            parts.table().removeRetired(collection);
        } catch (DataAccessException e) {
            log.atDebug().addKeyValue("collection", collection).setCause(e).log("its row stays for a while");
        }
    }

    @Override
    public synchronized void rearm() {
        if (started) {
            parts.membership().afterComparingClocks(() -> work.soon(this::wakeAllAnew));
        }
    }

    private void wakeAllAnew() {
        if (started) {
            wakings.wakeAll(served.keySet());
            // What it waits for, it measures by the clock that was stepped.
            parts.engine().startAnew();
        }
    }

    /** Leaves what waits in this process to others. It stays one of them, for what it runs, until its end. */
    @Override
    public synchronized void stop() {
        if (!started) {
            return;
        }
        started = false;
        stopped.countDown();
        parts.due().stop();
        parts.engine().stop();
        handOver();
        try {
            parts.notifications().stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handOver() {
        try {
            if (parts.membership().draining()) {
                parts.engine().giveBackUnknown();
                parts.membership().leaveWaiting(parts.table());
                parts.notifications().tellDue(clock.instant());
                return;
            }
        } catch (DataAccessException e) {
            log.atDebug().setCause(e).log("the database does not answer");
        }
        log.warn("the others are told of what this process leaves when the database answers again");
        work.after(SOON, this::handOverAgain);
    }

    /** Unless it has ended by then: then they find it. */
    private synchronized void handOverAgain() {
        if (!started) {
            handOver();
        }
    }

    @Override
    public void drain() {
        // The lease is renewed on this thread, and must not wait for the end of what is being woken.
        work.soon(() -> {
            log.warn("this instance takes nothing more: it is drained");
            stop();
            pipeline.handOver();
        });
    }

    /** A server that crashed may have lost what the table was told last. */
    @Override
    public void databaseIsBack() {
        work.soon(this::lookAtAll);
    }

    private void lookAtAll() {
        if (!started) {
            return;
        }
        try {
            parts.table().ensure(served.values());
            wakings.wakeAll(served.keySet());
        } catch (DataAccessException e) {
            log.atDebug().setCause(e).log("all are looked at later: the database does not answer");
            work.after(SOON, this::lookAtAll);
        }
    }

    @Override
    public void leaseLost() {
        pipeline.leaseLost();
        rejoin();
    }

    /** What this process declares may have been looked after by nobody meanwhile. */
    private void rejoin() {
        if (started) {
            parts.engine().look();
        }
    }

    @Override
    public void wakeAbandoned() {
        parts.engine().giveBackUnknown();
        int woken = parts.table().wakeAbandoned();
        if (woken > 0) {
            log.atInfo().addKeyValue("collections", woken).log("runs that were left to nobody are looked after");
            parts.engine().look();
            parts.notifications().tellDue(clock.instant());
        }
        if (started && endingRetired.compareAndSet(false, true)) {
            work.soon(this::endRetired);
        }
    }

    /** A retired collection is woken by nobody, so whatever its instance left is ended here. */
    private void endRetired() {
        try {
            pipeline.abandonRetired();
        } catch (StoreUnavailableException e) {
            log.atDebug().setCause(e).log("runs of retired collections are ended later");
        } finally {
            endingRetired.set(false);
        }
    }

    /** Before any other listener, whose failure would keep the event from this one. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void onFreed(CollectionFreed event) {
        if (!event.undecided()) {
            return;
        }
        if (started) {
            wakings.wake(event.collection());
        } else {
            announcer.announceNow(event.collection());
        }
    }

    /** By the engine, which lets nobody else do so meanwhile. */
    private Instant wakeDue(String collector, String name, Instant dueAt) {
        ScheduledCollection collection = served.get(name);
        if (!started || collection == null || !isFollowedHere(collection, collector)) {
            return left(collector, name);
        }
        Optional<Runnable> begun = Optional.empty();
        try {
            Outlook outlook =
                    clock.instant().isBefore(dueAt) ? pipeline.lookAhead(collection) : Outlook.unread(collection);
            awaitDue(dueAt);
            Woken woken = pipeline.wake(outlook);
            begun = woken.begun();
            Instant next = pipeline.next(woken);
            parts.due().arm(next);
            return next;
        } catch (DeclaredOtherwiseException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("left to others");
            return left.soon();
        } catch (ClaimsHeldException e) {
            // By a clock that is wrong, perhaps: others take it when it is due.
            log.atDebug().addKeyValue("collection", name).setCause(e).log("left to others");
            return dueAt;
        } catch (StoreUnavailableException | NoThreadException e) {
            // What was stored all the same, although nobody was told, is for this process to go on with.
            wakings.notWoken(name, e);
            return clock.instant().plus(SOON);
        } finally {
            begun.ifPresent(pipeline::make);
        }
    }

    /** When somebody else is to look at it. */
    private Instant left(String collector, String name) {
        try {
            Optional<String> progress = parts.table().progress(name, collector);
            if (progress.isEmpty()) {
                left.forget(name);
            }
            return progress.map(made -> left.next(name, made)).orElse(WakeTable.PARKED);
        } catch (DataAccessException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("left to others, should there be any");
            return left.soon();
        }
    }

    /** What cannot be read here, others may have mended. */
    private boolean isFollowedHere(ScheduledCollection collection, String collector) {
        return collection.collector().name().equals(collector) && !pipeline.isQuarantined(collection.name());
    }

    /** Returns then; before that only when the clock stands still, or this process stops. */
    private void awaitDue(Instant dueAt) {
        try {
            Duration left = Duration.between(clock.instant(), dueAt);
            CountDownLatch end = stopped;
            for (int i = 0; i < 3 && left.compareTo(Duration.ZERO) > 0 && end.getCount() > 0; i++) {
                boolean unused =
                        end.await(Math.min(left.toNanos(), PollingEngine.LEAD.toNanos()), TimeUnit.NANOSECONDS);
                left = Duration.between(clock.instant(), dueAt);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
