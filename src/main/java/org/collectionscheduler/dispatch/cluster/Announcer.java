package org.collectionscheduler.dispatch.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Tells the table, and those who wait for what is due in it, when a collection is to be woken. */
final class Announcer {

    private static final Logger log = LoggerFactory.getLogger(Announcer.class);

    /** Whoever is just waking a collection may go by what was stored a moment before: he is told when that is over. */
    private static final Duration WOKEN_ELSEWHERE = Duration.ofMillis(250);

    private static final Duration NOT_TOLD = Duration.ofSeconds(5);

    private final WakeTable table;
    private final DueTimer due;
    private final Notifications notifications;
    private final Clock clock;
    private final DelayedWork work;

    Announcer(WakeTable table, DueTimer due, Notifications notifications, Clock clock, DelayedWork work) {
        this.table = table;
        this.due = due;
        this.notifications = notifications;
        this.clock = clock;
        this.work = work;
    }

    /** Has the collection woken then, wherever; again and again until that is certain. Returns at once. */
    void announce(String collection, Instant at) {
        if (!at.equals(WakeTable.PARKED)) {
            work.soon(() -> tell(collection, at));
        }
    }

    /** Something has changed that those have to look at who follow the collection. */
    void announceNow(String collection) {
        announce(collection, clock.instant());
    }

    private void tell(String collection, Instant at) {
        try {
            if (table.bringForward(collection, at)) {
                due.arm(at);
                notifications.tellDue(at);
            } else if (table.isBeingWoken(collection)) {
                work.after(WOKEN_ELSEWHERE, () -> tell(collection, at));
            } else if (table.bringForward(collection, at)) {
                // It was being woken a moment ago, by what was stored before.
                due.arm(at);
            }
        } catch (DataAccessException e) {
            log.atDebug().addKeyValue("collection", collection).setCause(e).log("the table is told later");
            work.after(NOT_TOLD, () -> tell(collection, at));
        }
    }
}
