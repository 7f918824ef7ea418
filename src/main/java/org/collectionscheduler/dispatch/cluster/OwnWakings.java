package org.collectionscheduler.dispatch.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.collectionscheduler.run.ClaimsHeldException;
import org.collectionscheduler.run.DeclaredOtherwiseException;
import org.collectionscheduler.run.ExhaustedHeap;
import org.collectionscheduler.run.NoThreadException;
import org.collectionscheduler.run.RunPipeline.Woken;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes collections for what happens in this process, whoever else may be waking them by the table: at once, on a thread
 * of those that wake. What cannot be woken now is woken later, by itself. Then the others are told when it is to be woken
 * next.
 */
final class OwnWakings {

    private static final Logger log = LoggerFactory.getLogger(OwnWakings.class);

    private static final Duration TRIED_AGAIN = Duration.ofSeconds(5);

    /** Whether something may be claimed is asked of nobody, and so often. */
    private static final Duration HELD_BACK = Duration.ofMillis(500);

    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(10);

    /** How many of all collections are queued at a time when each of them is to be woken. */
    private static final int AT_A_TIME = 16;

    private final Pipeline pipeline;
    private final Function<String, Optional<ScheduledCollection>> served;
    private final Announcer announcer;
    private final LeftToOthers left;
    private final DelayedWork work;

    /** What is queued; however often it is asked for, it is woken once: a slow store makes no backlog. */
    private final Set<String> queued = ConcurrentHashMap.newKeySet();

    private final Set<String> tried = ConcurrentHashMap.newKeySet();

    /** What was to be woken while this process might claim nothing. */
    private final Set<String> heldBack = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean awaitingClaims = new AtomicBoolean();

    /** @param served the collection of that name, while this process serves it */
    OwnWakings(
            Pipeline pipeline,
            Function<String, Optional<ScheduledCollection>> served,
            Announcer announcer,
            LeftToOthers left,
            DelayedWork work) {
        this.pipeline = pipeline;
        this.served = served;
        this.announcer = announcer;
        this.left = left;
        this.work = work;
    }

    /** A few at a time, so that whatever comes due meanwhile does not wait behind all of them. */
    void wakeAll(Collection<String> names) {
        Queue<String> rest = new ConcurrentLinkedQueue<>(names);
        for (int i = 0; i < AT_A_TIME; i++) {
            wakeNextOf(rest);
        }
    }

    private void wakeNextOf(Queue<String> rest) {
        String next = rest.poll();
        while (next != null && !queued.add(next)) {
            next = rest.poll();
        }
        if (next != null) {
            queue(next, () -> wakeNextOf(rest));
        }
    }

    void wake(String name) {
        if (queued.add(name)) {
            queue(name, () -> {});
        }
    }

    /** It is woken again soon, and once, however often that has failed by then. */
    void notWoken(String name, RuntimeException failure) {
        log.atWarn()
                .addKeyValue("collection", name)
                .addKeyValue("reason", failure.getMessage())
                .log("not woken now; tried again");
        if (tried.add(name)) {
            work.after(TRIED_AGAIN, () -> {
                tried.remove(name);
                wake(name);
            });
        }
    }

    /** @param after is run when it has been woken */
    private void queue(String name, Runnable after) {
        try {
            pipeline.queue(() -> wakeHere(name, after));
        } catch (RejectedExecutionException e) {
            queued.remove(name);
            log.atDebug().addKeyValue("collection", name).log("not woken: the service has stopped");
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            queued.remove(name);
            log.atError().addKeyValue("collection", name).setCause(e).log("not woken: no thread");
            work.after(TRIED_AGAIN, () -> wake(name));
            after.run();
        }
    }

    private Optional<Runnable> wakeHere(String name, Runnable after) {
        queued.remove(name);
        Optional<ScheduledCollection> collection = served.apply(name);
        if (collection.isEmpty()) {
            announcer.announceNow(name);
        }
        Optional<Runnable> begun = collection.flatMap(this::begun);
        after.run();
        return begun;
    }

    private Optional<Runnable> begun(ScheduledCollection collection) {
        String name = collection.name();
        Optional<Runnable> begun = Optional.empty();
        try {
            Woken woken = pipeline.wake(collection);
            begun = woken.begun();
            announcer.announce(name, pipeline.next(woken));
        } catch (DeclaredOtherwiseException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("left to others");
            announcer.announce(name, left.soon());
        } catch (ClaimsHeldException e) {
            log.atDebug().addKeyValue("collection", name).setCause(e).log("woken when something may be claimed");
            heldBack.add(name);
            wakeHeldBackLater();
        } catch (StoreUnavailableException | NoThreadException e) {
            notWoken(name, e);
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().addKeyValue("collection", name).setCause(e).log("not woken: a fault of the service");
            work.after(AFTER_A_FAULT, () -> wake(name));
        }
        return begun;
    }

    private void wakeHeldBackLater() {
        if (awaitingClaims.compareAndSet(false, true)) {
            work.after(HELD_BACK, this::wakeHeldBack);
        }
    }

    /** All of them, once something may be claimed. */
    private void wakeHeldBack() {
        awaitingClaims.set(false);
        if (!pipeline.mayClaim()) {
            wakeHeldBackLater();
            return;
        }
        wakeAll(heldBack.stream().filter(heldBack::remove).toList());
    }
}
