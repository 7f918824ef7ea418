package org.collectionscheduler.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * Every instant at which the zone's clocks show a date-time of a pattern: in an overlap both times, for a gap never.
 * Between two transitions of the zone local date-times and instants go side by side.
 */
record RealHours(LocalPattern pattern, ZoneRules zone) implements Occurrences {

    @Override
    public Instant nextAfter(Instant instant) {
        ZoneOffset offset = zone.getOffset(instant);
        LocalDateTime after = local(instant);
        ZoneOffsetTransition end = zone.nextTransition(instant);
        Instant next = pattern.nextAfter(after).toInstant(offset);
        while (end != null && !next.isBefore(end.getInstant())) {
            next = pattern.nextAfter(end.getDateTimeAfter().minusSeconds(1)).toInstant(end.getOffsetAfter());
            end = zone.nextTransition(end.getInstant());
        }
        return next;
    }

    @Override
    public Instant latestUntil(Instant instant) {
        Instant latest = pattern.latestUntil(local(instant)).toInstant(zone.getOffset(instant));
        ZoneOffsetTransition begin = zone.previousTransition(instant.plusNanos(1));
        while (begin != null && latest.isBefore(begin.getInstant())) {
            latest = pattern.latestUntil(begin.getDateTimeBefore().minusSeconds(1))
                    .toInstant(begin.getOffsetBefore());
            begin = zone.previousTransition(begin.getInstant());
        }
        return latest;
    }

    @Override
    public long count(Instant after, Instant until) {
        if (!until.isAfter(after)) {
            return 0;
        }
        long count = 0;
        LocalDateTime from = local(after);
        ZoneOffsetTransition end = zone.nextTransition(after);
        while (end != null && !end.getInstant().isAfter(until)) {
            count += pattern.count(from, end.getDateTimeBefore().minusSeconds(1));
            from = end.getDateTimeAfter().minusSeconds(1);
            end = zone.nextTransition(end.getInstant());
        }
        return count + pattern.count(from, local(until));
    }

    @Override
    public Optional<LocalDateTime> movedFrom(Instant occurrence) {
        return Optional.empty();
    }

    /** What the zone's clocks show, in whole seconds. */
    private LocalDateTime local(Instant instant) {
        return LocalDateTime.ofInstant(instant, zone.getOffset(instant)).truncatedTo(ChronoUnit.SECONDS);
    }
}
