package org.collectionscheduler.dispatch.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.run.ClaimGate;
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
 * While the database is away nobody can declare anything, and whoever comes back to it gives the others the length of a
 * lease to come back, too.
 */
final class Membership implements Peers {

    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    /** Further from the database's clock than this, an instance would serve slots at wrong times: it claims nothing. */
    static final Duration CLOCK_BOUND = Duration.ofSeconds(10);

    private static final String CLOCK_HOLDER = "clock";
    private static final Duration ENDED_KEPT = Duration.ofHours(1);

    private final InstanceTable table;
    private final Instance me;
    private final ClusterProperties properties;
    private final ClaimGate gate;
    private final Clock clock;
    private final Ticker ticker;
    private final Set<String> mine = ConcurrentHashMap.newKeySet();
    private volatile Set<String> alive = Set.of();
    private volatile Duration clockDifference = Duration.ZERO;
    private @Nullable ScheduledFuture<?> task;

    /** Since when every renewal has succeeded, and in time; null while the last one has not. */
    private @Nullable Long renewingSince;

    private long lastRenewed;

    private boolean drained;

    /** What follows from what it finds. */
    interface Reactions {

        /** Others make the attempts of this process by now. */
        void leaseLost();

        /** Somebody wants this process to take nothing more. */
        void drain();

        /** Unfinished runs may be left to nobody. */
        void wakeAbandoned();
    }

    /** Times by which it goes. */
    record Time(Clock clock, Ticker ticker) {}

    Membership(InstanceTable table, Instance me, ClusterProperties properties, ClaimGate gate, Time time) {
        this.table = table;
        this.me = me;
        this.properties = properties;
        this.gate = gate;
        this.clock = time.clock();
        this.ticker = time.ticker();
    }

    /**
     * Joins the deployment, and looks after that from now on.
     *
     * @throws DataAccessException when the database does not let it
     */
    synchronized void start(Reactions reactions, ScheduledExecutorService timer) {
        drained = false;
        join();
        alive = table.alive();
        if (task == null) {
            long period = properties.renewal().toMillis();
            task = timer.scheduleWithFixedDelay(() -> look(reactions), 0, period, TimeUnit.MILLISECONDS);
        }
    }

    private void join() {
        mine.add(me.id());
        while (!table.join(me.id(), me.host(), me.version())) {
            me.beginAnotherLife();
            mine.add(me.id());
        }
    }

    /** Looks now, should something be to be found. */
    void lookSoon(Reactions reactions, ScheduledExecutorService timer) {
        timer.execute(() -> look(reactions));
    }

    private void look(Reactions reactions) {
        try {
            renewAndReact(reactions);
        } catch (DataAccessException e) {
            forgetRenewals();
            log.atWarn().addKeyValue("instance", me.id()).setCause(e).log("the lease could not be renewed");
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            log.atError().addKeyValue("instance", me.id()).setCause(e).log("the lease could not be looked after");
        }
    }

    private synchronized void forgetRenewals() {
        renewingSince = null;
    }

    /** Renews the lease, and reacts to what that tells. */
    synchronized void renewAndReact(Reactions reactions) {
        Instant before = clock.instant();
        long begun = ticker.nanos();
        Optional<InstanceTable.Renewed> renewed = table.renew(me.id());
        if (renewed.isEmpty()) {
            comeBack(reactions);
            return;
        }
        compareClocks(before, ticker.since(begun), renewed.get().at());
        if (renewingSince == null || ticker.since(lastRenewed).compareTo(properties.lease()) >= 0) {
            renewingSince = begun;
        }
        lastRenewed = begun;
        if (renewed.get().drainingAt() != null && !drained) {
            drained = true;
            reactions.drain();
        }
        if (ticker.since(renewingSince).compareTo(properties.lease()) >= 0) {
            expireOthers();
        }
        alive = table.alive();
        reactions.wakeAbandoned();
    }

    /** As another instance: the others have declared this one ended. */
    private void comeBack(Reactions reactions) {
        String ended = me.id();
        me.beginAnotherLife();
        join();
        log.atError()
                .addKeyValue("instance", ended)
                .addKeyValue("now", me.id())
                .log("lease lost: the attempts of this process are cancelled, and it goes on as another instance");
        renewingSince = null;
        reactions.leaseLost();
    }

    private void expireOthers() {
        List<String> ended = table.expire(properties.lease());
        for (String id : ended) {
            log.atWarn()
                    .addKeyValue("instance", me.id())
                    .addKeyValue("ended", id)
                    .log("an instance has not renewed its lease: it counts as ended, and its attempts are made anew");
        }
        table.forgetEnded(ENDED_KEPT);
    }

    /** @param lasted how long the database took to answer, somewhere within which its clock was read */
    private void compareClocks(Instant before, Duration lasted, Instant theirs) {
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
        return !mine.contains(instance) && (alive.contains(instance) || table.isAlive(instance));
    }

    /** Shows the others that this process takes nothing more. */
    synchronized void draining() {
        drained = true;
        table.drain(me.id());
    }

    /** Has what waits in this process looked after by others. */
    void leaveWaiting(WakeTable wakes) {
        mine.forEach(wakes::wakeWaitingOf);
    }

    /** Leaves the deployment; what is unfinished is another's from now on. */
    synchronized void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
        try {
            table.end(me.id());
        } catch (DataAccessException e) {
            log.atWarn()
                    .addKeyValue("instance", me.id())
                    .setCause(e)
                    .log(
                            "the others are not told of the end of this instance; they find out when its lease has passed");
        }
    }
}
