package org.collectionscheduler.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several quiet times as one. Those that touch or overlap are left by the end of the last of them. Where any that covers
 * an instant skips slots, its slots are skipped; elsewhere they are held until nothing is quiet any more.
 */
public final class QuietWindows implements QuietTimes {

    /** Windows that follow each other without end would be followed for ever. */
    private static final int MOST_WINDOWS = 1000;

    private final List<QuietTimes> windows;

    private QuietWindows(List<QuietTimes> windows) {
        this.windows = List.copyOf(windows);
    }

    public static QuietTimes of(List<QuietTimes> windows) {
        return windows.isEmpty() ? NONE : new QuietWindows(windows);
    }

    /**
     * A single window.
     *
     * @param from inclusive
     * @param until exclusive; after {@code from}
     */
    public static QuietTimes once(Instant from, Instant until, Slots slots) {
        return new Once(from, until, slots);
    }

    private record Once(Instant from, Instant until, Slots slots) implements QuietTimes {

        private Once {
            if (!from.isBefore(until)) {
                throw new IllegalArgumentException("a window from " + from + " until " + until + " has no instant");
            }
        }

        @Override
        public Optional<Quiet> at(Instant instant) {
            return containing(from, until, slots, instant);
        }
    }

    /**
     * A window on each of these days of the week. It begins when the zone's clocks show {@code time} and ends when they
     * show a time that is later by {@code duration}: in an overlap from the first such time to the second, in a gap at
     * its end.
     *
     * @param duration longer than zero, at most a week
     */
    public static QuietTimes weekly(Set<DayOfWeek> days, LocalTime time, Duration duration, ZoneId zone, Slots slots) {
        if (duration.compareTo(Duration.ofDays(7)) > 0 || duration.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException(
                    "duration is " + duration + "; it must be longer than zero, at most 7 days");
        }
        LocalPattern begins = new LocalPattern(DayPattern.onDaysOfWeek(days), TimesOfDay.at(time));
        return new Weekly(begins, duration, zone, slots);
    }

    /** @param begins local times, of which each day has at most one */
    private record Weekly(LocalPattern begins, Duration duration, ZoneId zone, Slots slots) implements QuietTimes {

        @Override
        public Optional<Quiet> at(Instant instant) {
            ZoneRules rules = zone.getRules();
            FixedTimes occurrences = new FixedTimes(begins, rules);
            LocalDateTime begin = occurrences.latestLocalUntil(instant);
            return containing(occurrences.resolve(begin), lastShown(begin.plus(duration), rules), slots, instant);
        }
    }

    /** The same windows, in the same order. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof QuietWindows quiet && windows.equals(quiet.windows);
    }

    @Override
    public int hashCode() {
        return windows.hashCode();
    }

    /** The same in every process for the same windows. */
    @Override
    public String toString() {
        return windows.toString();
    }

    @Override
    public Optional<Quiet> at(Instant instant) {
        if (covering(instant, null).isEmpty()) {
            return Optional.empty();
        }
        boolean skip = !covering(instant, Slots.SKIP).isEmpty();
        Slots kind = skip ? Slots.SKIP : null;
        return Optional.of(new Quiet(beginOf(instant, kind), endOf(instant, kind), skip ? Slots.SKIP : Slots.HOLD));
    }

    /** When the first of the windows begins that go on until the instant without a break. */
    private Instant beginOf(Instant instant, @Nullable Slots kind) {
        Instant begin = instant;
        List<Quiet> before = covering(instant, kind);
        for (int i = 0; !before.isEmpty() && i < MOST_WINDOWS; i++) {
            begin = before.stream()
                    .map(Quiet::from)
                    .min(Comparator.naturalOrder())
                    .orElse(begin);
            before = covering(begin.minusNanos(1), kind);
        }
        return begin;
    }

    private Instant endOf(Instant instant, @Nullable Slots kind) {
        Instant end = instant;
        List<Quiet> then = covering(instant, kind);
        for (int i = 0; !then.isEmpty() && i < MOST_WINDOWS; i++) {
            end = then.stream().map(Quiet::until).max(Comparator.naturalOrder()).orElse(end);
            then = covering(end, kind);
        }
        return end;
    }

    /** @param kind null for both */
    private List<Quiet> covering(Instant instant, @Nullable Slots kind) {
        return windows.stream()
                .flatMap(window -> window.at(instant).stream())
                .filter(quiet -> kind == null || quiet.slots() == kind)
                .toList();
    }

    private static Optional<Quiet> containing(Instant from, Instant until, Slots slots, Instant instant) {
        return instant.isBefore(from) || !instant.isBefore(until)
                ? Optional.empty()
                : Optional.of(new Quiet(from, until, slots));
    }

    /** The last instant at which the zone's clocks show that time; the end of the gap for one that they skip. */
    private static Instant lastShown(LocalDateTime local, ZoneRules zone) {
        ZoneOffsetTransition transition = zone.getTransition(local);
        if (transition == null) {
            return local.toInstant(zone.getOffset(local));
        }
        return transition.isGap() ? transition.getInstant() : local.toInstant(transition.getOffsetAfter());
    }
}
