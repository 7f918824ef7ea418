package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.collectionscheduler.dispatch.Dispatcher;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.run.ExhaustedHeap;
import org.collectionscheduler.run.NoThreadException;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunPipeline.Woken;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.scheduling.config.TriggerTask;

/**
 * One trigger task a collection wakes it at its slots; what is due between slots, such as a further attempt, gets a
 * timer of its own. Several threads wake, for each waits for the store most of the time; a collection is never woken from
 * two places at a time.
 */
final class LocalDispatcher implements Dispatcher, SchedulingConfigurer, ScheduledTaskHolder {

    private static final Logger log = LoggerFactory.getLogger(LocalDispatcher.class);

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration RETRY_FAULT = Duration.ofSeconds(60);

    /** How many of all collections are queued at a time when each of them is to be woken. */
    private static final int AT_A_TIME = 16;

    private final Function<ScheduledCollection, Woken> pipeline;
    private final TaskScheduler timer;
    private final Consumer<Supplier<Optional<Runnable>>> waking;
    private final WakingProbe probe;
    private final Clock clock;
    private final Map<String, Armed> armed = new ConcurrentHashMap<>();
    private @Nullable ScheduledTaskRegistrar registrar;
    private volatile boolean started;

    /**
     * @param pipeline does what is due for a collection; as {@code RunPipeline.wake}
     * @param timer keeps time and does nothing that can block
     * @param waking as {@link WakingQueue#execute}
     * @param probe is told of each waking
     */
    LocalDispatcher(
            Function<ScheduledCollection, Woken> pipeline,
            TaskScheduler timer,
            Consumer<Supplier<Optional<Runnable>>> waking,
            WakingProbe probe,
            Clock clock) {
        this.pipeline = pipeline;
        this.timer = timer;
        this.waking = waking;
        this.probe = probe;
        this.clock = clock;
    }

    @Override
    public String engine() {
        return "local";
    }

    /** Called once, when the context is refreshed; the registrar is kept for collections that are set anew later. */
    @Override
    public synchronized void configureTasks(ScheduledTaskRegistrar taskRegistrar) {
        taskRegistrar.setTaskScheduler(timer);
        registrar = taskRegistrar;
        armed.values().forEach(collection -> collection.arm(taskRegistrar));
    }

    @Override
    public synchronized void start(Collection<ScheduledCollection> collections) {
        started = true;
        List<Armed> entries = new ArrayList<>(collections.size());
        collections.forEach(collection -> entries.add(put(collection)));
        wakeEveryOne(entries);
    }

    @Override
    public synchronized void add(ScheduledCollection collection) {
        if (started) {
            wakeSoon(put(collection));
        }
    }

    private Armed put(ScheduledCollection collection) {
        Armed entry = new Armed(collection);
        Armed replaced = armed.put(collection.name(), entry);
        if (replaced != null) {
            replaced.disarm();
        }
        if (registrar != null) {
            entry.arm(registrar);
        }
        return entry;
    }

    @Override
    public synchronized void remove(String collection) {
        Armed removed = armed.remove(collection);
        if (removed != null) {
            removed.disarm();
        }
    }

    @Override
    public synchronized void rearm() {
        if (started && registrar != null) {
            for (Armed entry : armed.values()) {
                entry.disarm();
                entry.arm(registrar);
            }
            wakeEveryOne(armed.values());
        }
    }

    @Override
    public synchronized void stop() {
        started = false;
        armed.values().forEach(Armed::disarm);
        armed.clear();
    }

    @Override
    public Set<ScheduledTask> getScheduledTasks() {
        return armed.values().stream().flatMap(entry -> entry.task().stream()).collect(Collectors.toSet());
    }

    /** Before any other listener, whose failure would keep the event from this one. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void onFreed(CollectionFreed event) {
        Armed entry = armed.get(event.collection());
        if (entry != null && event.undecided()) {
            wakeSoon(entry);
        }
    }

    /** A few at a time, so that whatever comes due meanwhile does not wait behind all of them. */
    private void wakeEveryOne(Collection<Armed> entries) {
        Queue<Armed> rest = new ConcurrentLinkedQueue<>(entries);
        for (int i = 0; i < AT_A_TIME; i++) {
            wakeNextOf(rest);
        }
    }

    private void wakeNextOf(Queue<Armed> rest) {
        Armed next = rest.poll();
        while (next != null && !next.mustBeQueued()) {
            next = rest.poll();
        }
        if (next != null) {
            queue(next, () -> wakeNextOf(rest));
        }
    }

    /** However often it is called before the collection is woken, it is woken once: a slow store makes no backlog. */
    private void wakeSoon(Armed entry) {
        if (entry.mustBeQueued()) {
            queue(entry, () -> {});
        }
    }

    /** @param after is run when it has been woken */
    private void queue(Armed entry, Runnable after) {
        try {
            waking.accept(() -> wakeAlone(entry, after));
        } catch (RejectedExecutionException e) {
            entry.notQueued();
            log.atDebug().addKeyValue("collection", entry.name()).log("not woken: the service has stopped");
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            entry.notQueued();
            log.atError().addKeyValue("collection", entry.name()).setCause(e).log("not woken: no thread");
            entry.wakeAt(clock.instant().plus(SOON));
            after.run();
        }
    }

    /** Who asks meanwhile has it woken once more. */
    private Optional<Runnable> wakeAlone(Armed entry, Runnable after) {
        entry.beginsToWake();
        Optional<Runnable> begun = wake(entry);
        try {
            probe.woken();
            if (entry.mustWakeAgain()) {
                queue(entry, () -> {});
            }
            after.run();
        } catch (RuntimeException | Error e) {
            // What has begun must be made.
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError()
                    .addKeyValue("collection", entry.name())
                    .setCause(e)
                    .log("a fault of the service after waking");
        }
        return begun;
    }

    private Optional<Runnable> wake(Armed entry) {
        if (!started || armed.get(entry.name()) != entry) {
            return Optional.empty();
        }
        Optional<Runnable> begun = Optional.empty();
        try {
            Woken woken = pipeline.apply(entry.collection);
            begun = woken.begun();
            woken.next().ifPresent(entry::wakeBeforeSlot);
        } catch (StoreUnavailableException e) {
            log.atWarn()
                    .addKeyValue("collection", entry.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("not woken: the store is unavailable");
            entry.wakeAt(clock.instant().plus(SOON));
        } catch (NoThreadException e) {
            log.atError().addKeyValue("collection", entry.name()).setCause(e).log("runs wait: no thread");
            entry.wakeAt(clock.instant().plus(SOON));
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().addKeyValue("collection", entry.name()).setCause(e).log("not woken: a fault of the service");
            entry.wakeAt(clock.instant().plus(RETRY_FAULT));
        }
        return begun;
    }

    /** One collection with its timers. */
    private final class Armed implements Runnable {

        private final ScheduledCollection collection;
        private boolean toBeWoken;
        private boolean waking;
        private @Nullable ScheduledTask task;
        private java.util.concurrent.@Nullable ScheduledFuture<?> early;

        Armed(ScheduledCollection collection) {
            this.collection = collection;
        }

        String name() {
            return collection.name();
        }

        /** False when it is queued already, or is being woken and will be queued again after that. */
        synchronized boolean mustBeQueued() {
            boolean queue = !toBeWoken && !waking;
            toBeWoken = true;
            return queue;
        }

        synchronized void notQueued() {
            toBeWoken = false;
        }

        synchronized void beginsToWake() {
            toBeWoken = false;
            waking = true;
        }

        synchronized boolean mustWakeAgain() {
            waking = false;
            return toBeWoken;
        }

        synchronized Optional<ScheduledTask> task() {
            return Optional.ofNullable(task);
        }

        synchronized void arm(ScheduledTaskRegistrar taskRegistrar) {
            SlotTrigger trigger = new SlotTrigger(collection.rules().schedule(), clock);
            task = taskRegistrar.scheduleTriggerTask(new TriggerTask(this, trigger));
        }

        synchronized void disarm() {
            if (task != null) {
                task.cancel(false);
                task = null;
            }
            cancelEarly();
        }

        /** The trigger task wakes at slots by itself. */
        void wakeBeforeSlot(Instant next) {
            Optional<Instant> slot = collection.rules().schedule().nextAfter(clock.instant());
            if (slot.isEmpty() || next.isBefore(slot.get())) {
                wakeAt(next);
            } else {
                cancelEarly();
            }
        }

        private synchronized void cancelEarly() {
            if (early != null) {
                early.cancel(false);
                early = null;
            }
        }

        synchronized void wakeAt(Instant instant) {
            cancelEarly();
            try {
                early = started && armed.get(name()) == this ? timer.schedule(() -> wakeSoon(this), instant) : null;
            } catch (TaskRejectedException e) {
                log.atDebug().addKeyValue("collection", name()).log("not to be woken: the service stops");
            }
        }

        /** At each slot, on a thread of the timer. */
        @Override
        public void run() {
            wakeSoon(this);
        }

        /** Shown as the task's name. */
        @Override
        public String toString() {
            return "collection " + name();
        }
    }
}
