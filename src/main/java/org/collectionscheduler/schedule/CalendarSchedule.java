package org.collectionscheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Optional;

/**
 * Slots at local times of a zone. They lie before the anchor too: a collection begins with the first slot after its
 * registration, wherever the clock went.
 *
 * @param name the rhythm in one line, without the offset
 * @param offset by which every slot is later than its local time; not negative; cut to the millisecond
 */
record CalendarSchedule(String name, Occurrences occurrences, Duration offset) implements Schedule {

    CalendarSchedule {
        offset = Schedule.checkedOffset(offset);
    }

    @Override
    public Optional<Instant> nextAfter(Instant instant) {
        return Optional.of(occurrences.nextAfter(instant.minus(offset)).plus(offset));
    }

    @Override
    public Optional<Instant> latestUntil(Instant instant) {
        return Optional.of(occurrences.latestUntil(instant.minus(offset)).plus(offset));
    }

    @Override
    public long count(Instant after, Instant until) {
        return occurrences.count(after.minus(offset), until.minus(offset));
    }

    @Override
    public String rhythm() {
        return name + " offset " + offset;
    }

    @Override
    public Optional<LocalDateTime> movedFrom(Instant slot) {
        return occurrences.movedFrom(slot.minus(offset));
    }
}
