package org.collectionscheduler.cli;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.QuietTimes.Slots;
import org.collectionscheduler.schedule.Schedule;

/**
 * What is looked ahead at.
 *
 * @param title of the schedule, in a few words
 * @param zone in which times are shown
 */
record Preview(String title, Schedule schedule, ZoneId zone, QuietTimes quiet) {

    /** @param note what an operator might not expect of it; empty when there is nothing */
    record Slot(Instant instant, OffsetDateTime local, String note) {}

    /** The slots from {@code begin} on, {@code begin} included; fewer when there are no more. */
    List<Slot> slots(Instant begin, int count) {
        List<Slot> slots = new ArrayList<>();
        Optional<Instant> next = schedule.nextAfter(begin.minusMillis(1));
        while (next.isPresent() && slots.size() < count) {
            slots.add(slot(next.get()));
            next = schedule.nextAfter(next.get());
        }
        return slots;
    }

    private Slot slot(Instant instant) {
        OffsetDateTime local = instant.atZone(zone).toOffsetDateTime();
        String note = Stream.of(moved(instant), overlap(local), quiet(instant))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return new Slot(instant, local, note);
    }

    private Optional<String> moved(Instant instant) {
        return schedule.movedFrom(instant)
                .map(LocalDateTime::toLocalTime)
                .map(missing -> "moved: clocks skip " + missing + " that day");
    }

    private Optional<String> overlap(OffsetDateTime local) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local.toLocalDateTime());
        if (offsets.size() < 2) {
            return Optional.empty();
        }
        String which = local.getOffset().equals(offsets.get(0)) ? "first " : "second ";
        LocalTime time = local.toLocalTime();
        return Optional.of(which + time + " of two that day");
    }

    private Optional<String> quiet(Instant instant) {
        return quiet.at(instant)
                .map(found -> found.slots() == Slots.SKIP
                        ? "quiet: skipped"
                        : "quiet: held until " + found.until().atZone(zone).toOffsetDateTime());
    }
}
