package org.collectionscheduler.dispatch.cluster;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.run.ExhaustedHeap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * db-scheduler, with a task for each collector. It knows its tasks from its start on, so further ones take another one in
 * its place, a moment later; rows of a task that this process lacks are left to others, however long.
 */
final class PollingEngine {

    private static final Logger log = LoggerFactory.getLogger(PollingEngine.class);

    /**
     * Who wakes waits for the database most of the time, and what meets there is written together; but what is taken here
     * and finds no permit is offered to others only after a while.
     */
    static final int THREADS = 24;

    /** Below this many queued and running ones more are fetched; and never more than there are threads, for what is only
     * queued gets no heartbeat. */
    private static final double LOWER_LIMIT = 0.5;

    private static final double UPPER_LIMIT = 1.0;

    /** What is due so soon is taken already, so that at its instant nothing is left to do but the claim. */
    static final Duration LEAD = Duration.ofMillis(40);

    private static final int HEARTBEATS_MISSED = 4;

    /** The engine cuts longer ones short. */
    private static final int LONGEST_NAME = 50;

    /** Of many that come due at once the last one may wait for some time. */
    private static final Duration A_WHILE = Duration.ofMinutes(1);

    /** The engine would delete rows of which it has known no task for so long. */
    private static final Duration NEVER = Duration.ofDays(36500);

    /** The engine waits so long, and after interruptions so long again; a waking takes milliseconds. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

    /** Tries, a second apart, to tell the table that a collection was woken. */
    private static final int MOST_TRIES = 15;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A waking that failed, which the database's absence is the usual reason of. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** Collectors that come this close together make the engine start anew once, after so many lulls at the latest. */
    private static final Duration LULL = Duration.ofMillis(200);

    private static final int MOST_LULLS = 5;

    /** What a row holds of us is not the engine's to read. */
    private static final Serializer OPAQUE = new Serializer() {
        @Override
        public byte @Nullable [] serialize(@Nullable Object data) {
            return null;
        }

        @Override
        public <T> @Nullable T deserialize(Class<T> type, byte[] serialized) {
            return null;
        }
    };

    private final DataSource database;
    private final WakeTable table;
    private final ClusterProperties properties;
    private final String name;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Set<String> collectors = new TreeSet<>();
    private volatile Waking waking = (collector, collection, dueAt) -> WakeTable.PARKED;
    private volatile @Nullable Running running;

    /** The one that runs or, when none does, has run last. */
    private volatile @Nullable Running latest;

    private boolean held;

    /** Of the running one among all of this process. */
    private int number;

    /**
     * An engine.
     *
     * @param taker by whom the rows say that they are taken
     * @param collectors that it knows
     */
    private record Running(Scheduler scheduler, String taker, Set<String> collectors) {}

    /** To come, for collectors that the running one does not know. */
    private @Nullable ScheduledFuture<?> restart;

    /** Wakes a collection that is due. */
    @FunctionalInterface
    interface Waking {

        /**
         * @param dueAt up to {@link #LEAD} from now
         * @return when to wake it next
         */
        Instant wake(String collector, String collection, Instant dueAt);
    }

    /**
     * When it does things.
     *
     * @param timer may be held up for a few seconds
     */
    record Time(Clock clock, ScheduledExecutorService timer) {}

    /** @param name of this process, to be shown beside what it is waking */
    PollingEngine(DataSource database, WakeTable table, ClusterProperties properties, String name, Time time) {
        this.database = database;
        this.table = table;
        this.properties = properties;
        this.name = name;
        this.clock = time.clock();
        this.timer = time.timer();
    }

    /** Takes what is due of these collectors from now on. */
    synchronized void start(Collection<String> of, Waking with) {
        waking = with;
        if (running == null) {
            collectors.addAll(of);
            running = started();
        } else {
            take(of);
        }
    }

    /** Takes what is due of these collectors, too, as soon as no further ones come, or a little later. */
    synchronized void take(Collection<String> more) {
        if (collectors.addAll(more) && running != null && restart == null) {
            restart = restartAfterLull(MOST_LULLS, LULL);
        }
    }

    /** @param most lulls to wait for, should more come in each but the last */
    private @Nullable ScheduledFuture<?> restartAfterLull(int most, Duration lull) {
        int known = collectors.size();
        try {
            return timer.schedule(() -> restartUnlessMoreHaveCome(known, most), lull.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("not started anew: the service has stopped");
            return null;
        }
    }

    private void restartUnlessMoreHaveCome(int known, int lulls) {
        try {
            stop(replaced(known, lulls));
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().setCause(e).log("collectors that are new have to wait: the engine could not start anew");
            restartLater();
        }
    }

    private synchronized void restartLater() {
        if (running != null) {
            restart = restartAfterLull(1, RETRY);
        }
    }

    /** Returns the one that is to be stopped; null for none. */
    private synchronized @Nullable Running replaced(int known, int lulls) {
        Running before = running;
        if (before == null) {
            return null;
        }
        if (collectors.size() > known && lulls > 1) {
            restart = restartAfterLull(lulls - 1, LULL);
            return null;
        }
        running = started();
        restart = null;
        log.atInfo().addKeyValue("collectors", collectors.size()).log("the engine has started anew for new collectors");
        return before;
    }

    private Running started() {
        number++;
        String taker = taker(name, number);
        Running next = new Running(build(taker), taker, Set.copyOf(collectors));
        if (held) {
            next.scheduler().pause();
        }
        next.scheduler().start();
        latest = next;
        return next;
    }

    /** As much of the process' name as there is room for, up to its end, which tells it from others. */
    static String taker(String name, int number) {
        String suffix = "~" + number;
        int room = LONGEST_NAME - suffix.length();
        return name.substring(Math.max(0, name.length() - room)) + suffix;
    }

    /** Takes nothing while the gate is closed. */
    void heed(ClaimGate gate) {
        gate.whenChanged(() -> holdOrGoOn(gate));
    }

    private synchronized void holdOrGoOn(ClaimGate gate) {
        if (gate.isOpen()) {
            goOn();
        } else {
            hold();
        }
    }

    /** Takes nothing until it may go on: what this process cannot claim is left to others. */
    private void hold() {
        held = true;
        Running engine = running;
        if (engine != null) {
            engine.scheduler().pause();
        }
    }

    /** Takes again what is due. */
    private void goOn() {
        held = false;
        Running engine = running;
        if (engine != null) {
            engine.scheduler().resume();
            engine.scheduler().triggerCheckForDueExecutions();
        }
    }

    /**
     * Whether anything that this process could wake has been due for a while, and neither it nor another one has taken it;
     * or that cannot be found out.
     */
    boolean leavesDue() {
        Set<String> known = known();
        try {
            return !known.isEmpty() && table.isLeft(known, clock.instant().minus(A_WHILE));
        } catch (DataAccessException e) {
            log.atDebug().setCause(e).log("not known whether anything that is due was left");
            return true;
        }
    }

    /**
     * The engine takes rows of tasks that it does not know once, before it leaves them out, and then neither wakes them nor
     * gives them back. Also after it was stopped.
     */
    void giveBackUnknown() {
        Running engine = latest;
        if (engine != null) {
            giveBackUnknown(engine);
        }
    }

    private void giveBackUnknown(Running engine) {
        if (table.giveBack(engine.taker(), engine.collectors()) > 0) {
            log.debug("collections of collectors that this process lacks are given back");
        }
    }

    /** What it waits for by the clock, it waits for anew. */
    void startAnew() {
        stop(replacedNow());
    }

    private synchronized @Nullable Running replacedNow() {
        Running before = running;
        if (before != null) {
            running = started();
        }
        return before;
    }

    /** What it is just waking is finished; what it does not know, it gives back. */
    private void stop(@Nullable Running before) {
        if (before != null) {
            before.scheduler().stop();
            try {
                giveBackUnknown(before);
            } catch (DataAccessException e) {
                log.atDebug().setCause(e).log("what it has taken and does not know is believed dead later");
            }
        }
    }

    private synchronized Set<String> known() {
        return Set.copyOf(collectors);
    }

    /** Looks for what is due, now. */
    void look() {
        Running engine = running;
        if (engine != null) {
            engine.scheduler().triggerCheckForDueExecutions();
        }
    }

    /** Takes nothing more; what it is just waking is finished. */
    void stop() {
        Running engine = taken();
        if (engine != null) {
            engine.scheduler().stop();
        }
    }

    private synchronized @Nullable Running taken() {
        Running engine = running;
        running = null;
        collectors.clear();
        if (restart != null) {
            restart.cancel(false);
            restart = null;
        }
        return engine;
    }

    private Scheduler build(String taker) {
        List<Task<?>> tasks = new ArrayList<>();
        collectors.forEach(collector -> tasks.add(task(collector)));
        return Scheduler.create(database, tasks)
                .tableName(WakeTable.NAME)
                .schedulerName(new SchedulerName.Fixed(taker))
                .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
                .serializer(OPAQUE)
                .clock(() -> clock.instant().plus(LEAD))
                .threads(THREADS)
                .executorService(threads())
                .dueExecutor(Executors.newSingleThreadExecutor(factory("engine-poll-")))
                .housekeeperExecutor(housekeeper())
                .pollUsingLockAndFetch(LOWER_LIMIT, UPPER_LIMIT)
                .pollingInterval(properties.pollInterval())
                .heartbeatInterval(properties.renewal())
                .missedHeartbeatsLimit(HEARTBEATS_MISSED)
                .deleteUnresolvedAfter(NEVER)
                .shutdownMaxWait(STOP_PATIENCE)
                .build();
    }

    private static ExecutorService threads() {
        return Executors.newFixedThreadPool(THREADS, factory("engine-"));
    }

    private static ScheduledExecutorService housekeeper() {
        return Executors.newScheduledThreadPool(2, factory("engine-housekeeper-"));
    }

    private static CustomizableThreadFactory factory(String prefix) {
        CustomizableThreadFactory factory = new CustomizableThreadFactory(prefix);
        factory.setDaemon(true);
        return factory;
    }

    private Task<Void> task(String collector) {
        return Tasks.custom(collector, Void.class)
                .onFailure(this::failed)
                // As it is due: by a clock that is wrong, it would be others' that are believed dead.
                .onDeadExecution((complete, operations) ->
                        operations.reschedule(complete, complete.getExecution().executionTime))
                .execute(this::wake);
    }

    private com.github.kagkarlsson.scheduler.task.CompletionHandler<Void> wake(
            TaskInstance<Void> instance, ExecutionContext context) {
        Instant next = waking.wake(instance.getTaskName(), instance.getId(), context.getExecution().executionTime);
        // As the engine does it itself, but together with what else was woken meanwhile.
        return (complete, operations) -> woken(instance, context.getExecution().version, next, MOST_TRIES);
    }

    /** Again until the row is believed dead, at the latest: nobody looks at it before that. */
    private void woken(TaskInstance<Void> instance, long version, Instant next, int tries) {
        try {
            table.woken(instance, version, next);
            if (!next.isAfter(clock.instant())) {
                // Left as it was, while nothing might be claimed: by now something may.
                look();
            }
        } catch (DataAccessException e) {
            log.atWarn()
                    .addKeyValue("collection", instance.getId())
                    .addKeyValue("reason", e.getMessage())
                    .log(tries > 0 ? "the table is told again when to wake it" : "woken when it is believed dead");
            if (tries > 0) {
                wokenLater(instance, version, next, tries - 1);
            }
        }
    }

    private void wokenLater(TaskInstance<Void> instance, long version, Instant next, int tries) {
        try {
            ScheduledFuture<?> unused = timer.schedule(
                    () -> woken(instance, version, next, tries), SECOND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("the table is not told: the service has stopped");
        }
    }

    private void failed(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        log.atError()
                .addKeyValue("collection", complete.getExecution().taskInstance.getId())
                .setCause(complete.getCause().orElse(null))
                .log("not woken: a fault of the service");
        operations.reschedule(complete, clock.instant().plus(RETRY));
    }
}
