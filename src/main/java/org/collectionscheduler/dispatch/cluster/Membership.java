package org.collectionscheduler.dispatch.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.run.ExhaustedHeap;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.run.Peers;
import org.collectionscheduler.run.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keeps this process among the live instances of the deployment, and finds those that live no more.
 *
 * <p>An instance renews its lease by the database's clock. One that has not for the length of the lease is declared ended
 * by any other, for good: what it comes back as is another instance, and the attempts that it was making are cancelled.
 * Once its lease has passed, by the monotonic clock, an instance claims nothing until it has renewed it or has come back.
 * While the database is away nobody can declare anything, and whoever comes back to it gives the others the length of a
 * lease to come back, too.
 */
final class Membership implements Peers {

    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    /** Further from the database's clock than this, an instance would serve slots at wrong times: it claims nothing. */
    static final Duration CLOCK_BOUND = Duration.ofSeconds(10);

    /** A database that has not answered so lately is not asked by whoever has no time to wait. */
    private static final Duration LATELY = Duration.ofSeconds(10);

    private static final String CLOCK_HOLDER = "clock";
    private static final String LEASE_HOLDER = "lease";
    private static final Duration ENDED_KEPT = Duration.ofHours(1);

    private final InstanceTable table;
    private final Instance me;
    private final ClusterProperties properties;
    private final ClaimGate gate;
    private final Time time;
    private final Set<String> mine = ConcurrentHashMap.newKeySet();
    private volatile Set<String> alive = Set.of();
    private volatile Duration clockDifference = Duration.ZERO;
    private volatile Reactions reactions = NONE_YET;
    private volatile @Nullable String declared;

    /** As the last renewal told. */
    private volatile @Nullable String inForce;

    private volatile @Nullable ScheduledFuture<?> task;

    /** Since when every renewal has succeeded, and in time; null while the last one has not. */
    private @Nullable Long renewingSince;

    /** When that was begun which renewed the lease last; null before it was taken. */
    private volatile @Nullable Long renewedAt;

    /** The lease has passed since. */
    private final AtomicBoolean passed = new AtomicBoolean();

    private volatile boolean drained;

    /** The others believe this process dead; what follows from that is still to be done. */
    private boolean lost;

    /** The last renewal has failed. */
    private boolean away;

    /** When the database, asked for a renewal, has not answered, by the monotonic clock; null once it has. */
    private volatile @Nullable Long unansweredAt;

    private volatile Runnable afterRenewal = () -> {};

    /** When the clocks were compared last; null before that. */
    private volatile @Nullable Compared compared;

    /** The clock was stepped since. */
    private final AtomicBoolean stepped = new AtomicBoolean();

    /** The wall clock and the monotonic one, at one moment. */
    private record Compared(Instant wall, long nanos) {}

    /** What follows from what it finds. */
    interface Reactions {

        /** Others make the attempts of this process by now. */
        void leaseLost();

        /** Somebody wants this process to take nothing more. */
        void drain();

        /** Unfinished runs may be left to nobody. */
        void wakeAbandoned();

        /** The database answers again after it did not. */
        void databaseIsBack();
    }

    /**
     * Times by which it goes.
     *
     * @param timer of one thread that nothing else holds up
     */
    record Time(Clock clock, Ticker ticker, ScheduledExecutorService timer) {}

    private static final Reactions NONE_YET = new Reactions() {
        @Override
        public void leaseLost() {
            log.debug("nothing runs yet");
        }

        @Override
        public void drain() {
            log.debug("nothing is taken yet");
        }

        @Override
        public void wakeAbandoned() {
            log.debug("nothing is woken yet");
        }

        @Override
        public void databaseIsBack() {
            log.debug("nothing was told yet");
        }
    };

    Membership(InstanceTable table, Instance me, ClusterProperties properties, ClaimGate gate, Time time) {
        this.table = table;
        this.me = me;
        this.properties = properties;
        this.gate = gate;
        this.time = time;
        gate.lookBeforeClaims(() -> {
            holdIfStepped();
            holdIfPassed();
        });
    }

    /**
     * Joins the deployment, unless it has, and takes something from now on.
     *
     * @throws DataAccessException when the database does not let it
     */
    synchronized void start(Reactions with) {
        reactions = with;
        drained = false;
        join();
        table.take(me.id());
        alive = table.alive();
        compareClocksNow();
        lookSoon();
    }

    /** Nothing is claimed by a clock of which nobody knows how far it is off. */
    private void compareClocksNow() {
        Instant before = time.clock().instant();
        long begun = time.ticker().nanos();
        table.renew(me.id()).ifPresent(renewed -> compareClocks(before, begun, renewed.at()));
    }

    /** By the monotonic clock, how far the wall clock is off since it was compared. */
    private void holdIfStepped() {
        Compared last = compared;
        boolean known = clockDifference.abs().compareTo(CLOCK_BOUND) > 0;
        if (last == null || known) {
            return;
        }
        Duration passed = Duration.between(last.wall(), time.clock().instant());
        Duration off = passed.minus(time.ticker().since(last.nanos())).plus(clockDifference);
        if (off.abs().compareTo(CLOCK_BOUND) > 0 && stepped.compareAndSet(false, true)) {
            gate.hold(CLOCK_HOLDER, "its clock was stepped; it is being compared with the database's");
            lookSoon();
        }
    }

    /** The others may have declared this instance ended, and make its attempts. */
    private void holdIfPassed() {
        if (hasPassed() && passed.compareAndSet(false, true)) {
            gate.hold(LEASE_HOLDER, "its lease has passed without a renewal; it is being renewed");
            lookSoon();
        }
    }

    private boolean hasPassed() {
        Long last = renewedAt;
        return last != null && time.ticker().since(last).compareTo(properties.lease()) >= 0;
    }

    /** @param begun by the monotonic clock, before the database was asked to renew it */
    private void isRenewed(long begun) {
        if (hasPassed()) {
            renewingSince = null;
        }
        renewedAt = begun;
        passed.set(false);
        gate.release(LEASE_HOLDER);
    }

    /** Compares the clocks, should the database answer, and then does that. */
    void afterComparingClocks(Runnable then) {
        lookSoon();
        try {
            time.timer().execute(then);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("not done: the service has stopped");
        }
    }

    /** Is one of the live ones from now on, and looks after that; may be called again. */
    synchronized void join() {
        mine.add(me.id());
        long begun = time.ticker().nanos();
        while (!table.join(me, declared)) {
            me.beginAnotherLife();
            mine.add(me.id());
            lost = true;
            begun = time.ticker().nanos();
        }
        isRenewed(begun);
        if (task == null) {
            long period = properties.renewal().toMillis();
            task = time.timer().scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
        }
    }

    /** What the configuration of this process declares, whatever becomes of its lease. */
    void declares(String configuration) {
        declared = configuration;
    }

    boolean isDeclared(String configuration) {
        return configuration.equals(declared);
    }

    /** Whether it was in force at the last renewal. */
    boolean seemsInForce() {
        return Objects.equals(declared, inForce);
    }

    /** The configuration that was in force at the last renewal; empty before any. */
    String heardInForce() {
        return Objects.requireNonNullElse(inForce, "");
    }

    String me() {
        return me.id();
    }

    /** Has {@code look} called after each renewal, on the thread that renews. */
    void whenRenewed(Runnable look) {
        afterRenewal = look;
    }

    /** Looks now, should something be to be found. */
    void lookSoon() {
        try {
            time.timer().execute(this::look);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("not looked: the service has stopped");
        }
    }

    private void look() {
        try {
            // Under no lock: what follows takes others.
            renewed().forEach(Runnable::run);
            if (!drained) {
                afterRenewal.run();
            }
        } catch (DataAccessException e) {
            forgetRenewals();
            log.atWarn().addKeyValue("instance", me.id()).setCause(e).log("the lease could not be renewed");
        } catch (RuntimeException | Error e) {
            // A periodic task that throws is never run again.
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError().addKeyValue("instance", me.id()).setCause(e).log("the lease could not be looked after");
        }
    }

    private synchronized void forgetRenewals() {
        renewingSince = null;
        away = true;
    }

    /** Renews the lease. Returns what follows from what that tells. */
    private synchronized List<Runnable> renewed() {
        Instant before = time.clock().instant();
        long begun = time.ticker().nanos();
        Optional<InstanceTable.Renewed> renewed = askedToRenew();
        if (renewed.isEmpty()) {
            comeBack();
        }
        if (lost) {
            return List.of(this::loseLease);
        }
        compareClocks(before, begun, renewed.get().at());
        isRenewed(begun);
        if (renewingSince == null) {
            renewingSince = begun;
        }
        Duration renewing = time.ticker().since(renewingSince);
        if (renewing.compareTo(properties.lease()) >= 0) {
            expireOthers(renewing);
        }
        inForce = renewed.get().inForce();
        alive = table.alive();
        // First what asks nobody: should the rest fail, it is asked for no more.
        List<Runnable> follows = new ArrayList<>();
        boolean draining = renewed.get().drainingAt() != null;
        if (draining && !drained) {
            drained = true;
            follows.add(reactions::drain);
        } else if (drained && !draining) {
            table.drain(me.id());
        }
        follows.add(reactions::wakeAbandoned);
        if (away) {
            away = false;
            follows.add(0, reactions::databaseIsBack);
        }
        return follows;
    }

    private Optional<InstanceTable.Renewed> askedToRenew() {
        try {
            Optional<InstanceTable.Renewed> renewed = table.renew(me.id());
            unansweredAt = null;
            return renewed;
        } catch (DataAccessException e) {
            unansweredAt = time.ticker().nanos();
            throw e;
        }
    }

    private boolean isAway() {
        Long last = unansweredAt;
        return last != null && time.ticker().since(last).compareTo(LATELY) < 0;
    }

    private void loseLease() {
        reactions.leaseLost();
        synchronized (this) {
            lost = false;
        }
    }

    /** As another instance: the others have declared this one ended. */
    private void comeBack() {
        String ended = me.id();
        me.beginAnotherLife();
        lost = true;
        join();
        log.atError()
                .addKeyValue("instance", ended)
                .addKeyValue("now", me.id())
                .log("lease lost: the attempts of this process are cancelled, and it goes on as another instance");
        renewingSince = null;
    }

    private void expireOthers(Duration renewing) {
        List<String> ended = table.expire(renewing);
        for (String id : ended) {
            log.atWarn()
                    .addKeyValue("instance", me.id())
                    .addKeyValue("ended", id)
                    .log("an instance has not renewed its lease: it counts as ended, and its attempts are made anew");
            table.cutOff(SharedPermits.session(id));
        }
        table.forgetEnded(ENDED_KEPT);
    }

    /** @param begun by the monotonic clock, when the database was asked, which has read its clock between that and now */
    private void compareClocks(Instant before, long begun, Instant theirs) {
        Duration lasted = time.ticker().since(begun);
        compared = new Compared(before, begun);
        stepped.set(false);
        Instant middle = before.plus(lasted.dividedBy(2));
        Duration difference = Duration.between(theirs, middle);
        // What may be the answer's doing alone is no difference.
        Duration certain = difference.abs().minus(lasted.dividedBy(2));
        clockDifference = certain.isNegative() ? Duration.ZERO : difference;
        if (clockDifference.abs().compareTo(CLOCK_BOUND) > 0) {
            gate.hold(
                    CLOCK_HOLDER,
                    "its clock is " + clockDifference.abs().toMillis() / 1000.0 + " s "
                            + (clockDifference.isNegative() ? "behind" : "ahead of")
                            + " the database's; set it, for example by NTP");
        } else {
            gate.release(CLOCK_HOLDER);
        }
    }

    /** By how much this process' clock is ahead of the database's; negative when it is behind. */
    Duration clockDifference() {
        return clockDifference;
    }

    @Override
    public boolean isAlive(String instance) {
        return !mine.contains(instance)
                && (alive.contains(instance) || InstanceTable.told(() -> table.isAlive(instance)));
    }

    /**
     * Shows the others that this process takes nothing more. False when the database has not answered lately, and is not
     * asked: they are shown when it does.
     */
    boolean draining() {
        drained = true;
        return !isAway() && isShownDrained();
    }

    /** Asks again whether it is away: a renewal that was under way may have found that out. */
    private synchronized boolean isShownDrained() {
        if (isAway()) {
            return false;
        }
        table.drain(me.id());
        return true;
    }

    /** Has what waits in this process looked after by others. */
    void leaveWaiting(WakeTable wakes) {
        mine.forEach(wakes::wakeWaitingOf);
    }

    /**
     * Leaves the deployment; what is unfinished is another's from now on. A database that has not answered lately is not
     * asked.
     */
    void stop() {
        ScheduledFuture<?> renewals = task;
        if (renewals != null) {
            renewals.cancel(false);
        }
        if (isAway() || !isEndTold()) {
            log.atWarn()
                    .addKeyValue("instance", me.id())
                    .log(
                            "the others are not told of the end of this instance; they find out when its lease has passed");
        }
    }

    private synchronized boolean isEndTold() {
        if (isAway()) {
            return false;
        }
        try {
            table.end(me.id());
            return true;
        } catch (DataAccessException e) {
            log.atDebug().setCause(e).log("the database does not answer");
            return false;
        }
    }
}
