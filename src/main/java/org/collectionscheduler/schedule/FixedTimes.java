package org.collectionscheduler.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * Every local date-time of a pattern once: one that the zone skips, at the end of the gap; one that comes twice, when it
 * comes first. Those that land on one instant are one occurrence.
 *
 * <p>By this rule a later local date-time is never an earlier instant, so an instant divides the pattern in two, and
 * everything is found on the side of local date-times.
 */
record FixedTimes(LocalPattern pattern, ZoneRules zone) implements Occurrences {

    @Override
    public Instant nextAfter(Instant instant) {
        return resolve(pattern.nextAfter(lastResolvedUntil(instant)));
    }

    @Override
    public Instant latestUntil(Instant instant) {
        return resolve(latestLocalUntil(instant));
    }

    /** The last local date-time of the pattern that becomes an instant not later than this one. */
    LocalDateTime latestLocalUntil(Instant instant) {
        return pattern.latestUntil(lastResolvedUntil(instant));
    }

    @Override
    public long count(Instant after, Instant until) {
        long count = pattern.count(lastResolvedUntil(after), lastResolvedUntil(until));
        ZoneOffsetTransition transition = zone.nextTransition(after);
        while (transition != null && !transition.getInstant().isAfter(until)) {
            if (transition.isGap()) {
                count -= Math.max(0, atEndOf(transition) - 1);
            }
            transition = zone.nextTransition(transition.getInstant());
        }
        return count;
    }

    @Override
    public Optional<LocalDateTime> movedFrom(Instant occurrence) {
        ZoneOffsetTransition transition = zone.nextTransition(occurrence.minusMillis(1));
        if (transition == null
                || !transition.isGap()
                || !transition.getInstant().equals(occurrence)) {
            return Optional.empty();
        }
        LocalDateTime first = pattern.nextAfter(transition.getDateTimeBefore().minusSeconds(1));
        return Optional.of(first).filter(local -> local.isBefore(transition.getDateTimeAfter()));
    }

    Instant resolve(LocalDateTime local) {
        ZoneOffsetTransition transition = zone.getTransition(local);
        return transition != null && transition.isGap()
                ? transition.getInstant()
                : local.toInstant(transition == null ? zone.getOffset(local) : transition.getOffsetBefore());
    }

    /** The last local date-time, in whole seconds, that becomes an instant not later than this one. */
    private LocalDateTime lastResolvedUntil(Instant instant) {
        LocalDateTime local =
                LocalDateTime.ofInstant(instant, zone.getOffset(instant)).truncatedTo(ChronoUnit.SECONDS);
        ZoneOffsetTransition transition = zone.getTransition(local);
        boolean comesAgain = transition != null && !instant.isBefore(transition.getInstant());
        return comesAgain ? transition.getDateTimeBefore().minusSeconds(1) : local;
    }

    /** How many local date-times of the pattern become the end of this gap. */
    private long atEndOf(ZoneOffsetTransition gap) {
        return pattern.count(gap.getDateTimeBefore().minusSeconds(1), gap.getDateTimeAfter());
    }
}
