package org.collectionscheduler.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The slots of a collection, reckoned without the product's code: instants that lie whole steps apart.
 *
 * @param first one of them
 * @param step between one and the next
 */
record Slots(Instant first, Duration step) {

    private static final Pattern INTERVAL = Pattern.compile("interval (\\S+) offset (\\S+)");

    /**
     * @throws IllegalArgumentException when what is stored is not what was planned
     */
    static Slots of(PlannedCollection planned, Stored.Collection stored) {
        if (planned.cron()) {
            return new Slots(Instant.EPOCH, planned.every());
        }
        Matcher rhythm = INTERVAL.matcher(stored.rhythm());
        if (!rhythm.matches() || !Duration.parse(rhythm.group(1)).equals(planned.every())) {
            throw new IllegalArgumentException(
                    stored.name() + " is every " + planned.every() + ", but stored as '" + stored.rhythm() + "'");
        }
        Duration offset = Duration.parse(rhythm.group(2));
        if (offset.isNegative() || offset.compareTo(planned.every()) >= 0) {
            throw new IllegalArgumentException(stored.name() + " has offset " + offset + " of " + planned.every());
        }
        return new Slots(stored.anchor().plus(offset), planned.every());
    }

    boolean contains(Instant instant) {
        return Math.floorMod(Duration.between(first, instant).toMillis(), step.toMillis()) == 0;
    }

    Instant nextAfter(Instant instant) {
        long steps = Math.floorDiv(Duration.between(first, instant).toMillis(), step.toMillis()) + 1;
        return first.plus(step.multipliedBy(steps));
    }

    /** How many there are from the one to the other, both of them slots. */
    long count(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / step.toMillis() + 1;
    }
}
