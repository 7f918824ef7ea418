package org.collectionscheduler.dispatch.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.collectionscheduler.dispatch.Dispatcher;
import org.collectionscheduler.dispatch.Engine;
import org.collectionscheduler.run.ClaimsHeldException;
import org.collectionscheduler.run.DeclaredOtherwiseException;
import org.collectionscheduler.run.ExhaustedHeap;
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

    /** A collection that this process does not declare is left to those that do. */
    private static final Duration LEFT_TO_OTHERS = Duration.ofMillis(500);

    /** A run that waits here for a permit is offered to others so often, but for each that waits by a moment later. */
    private static final Duration OFFERED_EVERY = Duration.ofSeconds(2);

    private static final Duration OFFERED_LATER = Duration.ofMillis(10);

    /** Whoever is just waking a collection may go by what was stored a moment before: he is told when that is over. */
    private static final Duration WOKEN_ELSEWHERE = Duration.ofMillis(250);

    /** How many of all collections are queued at a time when each of them is to be woken. */
    private static final int AT_A_TIME = 16;

    private final Pipeline pipeline;
    private final Parts parts;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Map<String, ScheduledCollection> served = new ConcurrentHashMap<>();
    private final Set<String> toBeWoken = ConcurrentHashMap.newKeySet();
    private final Set<String> toBeTriedAgain = ConcurrentHashMap.newKeySet();

    /** What was to be woken while this process might claim nothing. */
    private final Set<String> heldBack = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean awaitingClaims = new AtomicBoolean();
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
        wakeEveryOne(collections.stream()
                .filter(collection -> collection.rules().runOnStart() != RunOnStart.NEVER)
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
        wakeSoon(collection.name());
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
            later(SOON, () -> enterAgain(collection));
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
            parts.membership().afterComparingClocks(() -> later(Duration.ZERO, this::wakeAllAnew));
        }
    }

    private void wakeAllAnew() {
        if (started) {
            wakeEveryOne(served.values());
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
            parts.membership().draining();
            parts.membership().leaveWaiting(parts.table());
            parts.notifications().tellDue(clock.instant());
        } catch (DataAccessException e) {
            log.atWarn().setCause(e).log("the others are not told of what this process leaves; they find it");
        }
    }

    @Override
    public void drain() {
        // The lease is renewed on this thread, and must not wait for the end of what is being woken.
        later(Duration.ZERO, () -> {
            log.warn("this instance takes nothing more: it is drained");
            stop();
            pipeline.handOver();
        });
    }

    /** A server that crashed may have lost what the table was told last. */
    @Override
    public void databaseIsBack() {
        later(Duration.ZERO, this::lookAtAll);
    }

    private void lookAtAll() {
        if (!started) {
            return;
        }
        try {
            parts.table().ensure(served.values());
            wakeEveryOne(served.values());
        } catch (DataAccessException e) {
            log.atDebug().setCause(e).log("all are looked at later: the database does not answer");
            later(SOON, this::lookAtAll);
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
            later(Duration.ZERO, this::endRetired);
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
            wakeSoon(event.collection());
        } else {
            later(Duration.ZERO, () -> tell(event.collection(), clock.instant()));
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
            Instant next = next(woken);
            parts.due().arm(next);
            return next;
        } catch (DeclaredOtherwiseException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("left to others");
            return clock.instant().plus(LEFT_TO_OTHERS);
        } catch (ClaimsHeldException e) {
            // By a clock that is wrong, perhaps: others take it when it is due.
            log.atDebug().addKeyValue("collection", name).setCause(e).log("left to others");
            return dueAt;
        } catch (StoreUnavailableException | NoThreadException e) {
            logNotWoken(name, e);
            // What was stored all the same, although nobody was told, is for this process to go on with.
            wakeAgain(name);
            return clock.instant().plus(SOON);
        } finally {
            begun.ifPresent(pipeline::make);
        }
    }

    /** When somebody else is to look at it. */
    private Instant left(String collector, String name) {
        try {
            return parts.table().isFollowed(name, collector) ? clock.instant().plus(LEFT_TO_OTHERS) : WakeTable.PARKED;
        } catch (DataAccessException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("left to others, should there be any");
            return clock.instant().plus(LEFT_TO_OTHERS);
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

    private Instant next(Woken woken) {
        Instant next = woken.next().orElse(WakeTable.PARKED);
        if (!woken.waits()) {
            return next;
        }
        Instant offered = clock.instant().plus(OFFERED_EVERY).plus(OFFERED_LATER.multipliedBy(pipeline.waiting()));
        return offered.isBefore(next) ? offered : next;
    }

    /** A few at a time, so that whatever comes due meanwhile does not wait behind all of them. */
    private void wakeEveryOne(Collection<ScheduledCollection> collections) {
        Queue<String> rest = new ConcurrentLinkedQueue<>(
                collections.stream().map(ScheduledCollection::name).toList());
        for (int i = 0; i < AT_A_TIME; i++) {
            wakeNextOf(rest);
        }
    }

    private void wakeNextOf(Queue<String> rest) {
        String next = rest.poll();
        while (next != null && !toBeWoken.add(next)) {
            next = rest.poll();
        }
        if (next != null) {
            queue(next, () -> wakeNextOf(rest));
        }
    }

    /** However often it is called before the collection is woken, it is woken once: a slow store makes no backlog. */
    private void wakeSoon(String name) {
        if (toBeWoken.add(name)) {
            queue(name, () -> {});
        }
    }

    /** @param after is run when it has been woken */
    private void queue(String name, Runnable after) {
        try {
            pipeline.queue(() -> wakeHere(name, after));
        } catch (RejectedExecutionException e) {
            toBeWoken.remove(name);
            log.atDebug().addKeyValue("collection", name).log("not woken: the service has stopped");
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            toBeWoken.remove(name);
            log.atError().addKeyValue("collection", name).setCause(e).log("not woken: no thread");
            later(SOON, () -> wakeSoon(name));
            after.run();
        }
    }

    private Optional<Runnable> wakeHere(String name, Runnable after) {
        toBeWoken.remove(name);
        ScheduledCollection collection = served.get(name);
        Optional<Runnable> begun = Optional.empty();
        if (started && collection != null) {
            begun = woken(collection);
        } else {
            // Something has changed that those have to look at who serve it.
            later(Duration.ZERO, () -> tell(name, clock.instant()));
        }
        after.run();
        return begun;
    }

    private Optional<Runnable> woken(ScheduledCollection collection) {
        String name = collection.name();
        Optional<Runnable> begun = Optional.empty();
        try {
            Woken woken = pipeline.wake(collection);
            begun = woken.begun();
            Instant next = next(woken);
            later(Duration.ZERO, () -> tell(name, next));
        } catch (DeclaredOtherwiseException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("left to others");
            later(Duration.ZERO, () -> tell(name, clock.instant().plus(LEFT_TO_OTHERS)));
        } catch (ClaimsHeldException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("woken when something may be claimed");
            heldBack.add(name);
            wakeHeldBackLater();
        } catch (StoreUnavailableException | NoThreadException e) {
            logNotWoken(name, e);
            wakeAgain(name);
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().addKeyValue("collection", name).setCause(e).log("not woken: a fault of the service");
            later(SOON.multipliedBy(2), () -> wakeSoon(name));
        }
        return begun;
    }

    /** Soon, and once, however often it has failed by then. */
    private void wakeAgain(String name) {
        if (toBeTriedAgain.add(name)) {
            later(SOON, () -> {
                toBeTriedAgain.remove(name);
                wakeSoon(name);
            });
        }
    }

    private void wakeHeldBackLater() {
        if (awaitingClaims.compareAndSet(false, true)) {
            later(SOON, this::wakeHeldBack);
        }
    }

    /** All of them, once something may be claimed. */
    private void wakeHeldBack() {
        awaitingClaims.set(false);
        if (!pipeline.mayClaim()) {
            wakeHeldBackLater();
            return;
        }
        List<ScheduledCollection> found = heldBack.stream()
                .filter(heldBack::remove)
                .flatMap(name -> Optional.ofNullable(served.get(name)).stream())
                .toList();
        wakeEveryOne(found);
    }

    private static void logNotWoken(String name, RuntimeException e) {
        log.atWarn()
                .addKeyValue("collection", name)
                .addKeyValue("reason", e.getMessage())
                .log("not woken now; tried again");
    }

    /** Has the collection woken then, wherever; again and again until that is certain. */
    private void tell(String name, Instant at) {
        if (at.equals(WakeTable.PARKED)) {
            return;
        }
        try {
            if (parts.table().bringForward(name, at)) {
                parts.due().arm(at);
                parts.notifications().tellDue(at);
            } else if (parts.table().isBeingWoken(name)) {
                later(WOKEN_ELSEWHERE, () -> tell(name, at));
            } else if (parts.table().bringForward(name, at)) {
                // It was being woken a moment ago, by what was stored before.
                parts.due().arm(at);
            }
        } catch (DataAccessException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("the table is told later");
            later(SOON, () -> tell(name, at));
        }
    }

    private void later(Duration delay, Runnable work) {
        try {
            ScheduledFuture<?> unused = timer.schedule(() -> logFailure(work), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("not done: the service has stopped");
        }
    }

    private static void logFailure(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().setCause(e).log("a fault of the service");
        }
    }
}
