package org.collectionscheduler.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's clock, cut to milliseconds, with steps. */
public final class SteppedClock extends Clock {

    private final Clock system = Clock.tickMillis(ZoneOffset.UTC);
    private volatile Duration offset = Duration.ZERO;

    public synchronized void step(Duration step) {
        offset = offset.plus(step);
    }

    @Override
    public Instant instant() {
        return system.instant().plus(offset);
    }

    @Override
    public ZoneId getZone() {
        return system.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
