package org.collectionscheduler.cluster;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The machine's clock, set wrong by as much as the play says. */
final class PlayedClock extends Clock {

    private final Control skew;

    PlayedClock(Path controls) {
        skew = Control.skew(controls);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("it is in UTC");
    }

    @Override
    public Instant instant() {
        return Clock.systemUTC().instant().plusMillis(skew.value());
    }
}
