package org.collectionscheduler.catalog;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Zones, days, times and instants as operators write them. */
final class LocalTimes {

    private static final Pattern BARE_NUMBER = Pattern.compile("\\d+");

    private static final String DAYS_REMEDY = "Write days such as [MON, TUE], or MON,TUE";

    private static final String TIME_REMEDY = "Write a time from \"00:00\" to \"23:59\", or with seconds";

    private LocalTimes() {}

    /** An identifier of the time zone database, or an offset from UTC. */
    static ZoneId zone(String text) throws WrongValueException {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            String similar = ZoneId.getAvailableZoneIds().stream()
                    .filter(known -> !text.isBlank() && sameWords(known, text))
                    .sorted()
                    .findFirst()
                    .map(known -> "Did you mean " + known + "?")
                    .orElse("Write a name such as Europe/Berlin, or UTC");
            throw new WrongValueException("is no time zone", similar);
        }
    }

    /** Names of days, short or long, with commas between. */
    static Set<DayOfWeek> days(String text) throws WrongValueException {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String name : text.split(",", -1)) {
            days.add(day(name.strip()).orElseThrow(() -> new WrongValueException(wrongDay(name.strip()), DAYS_REMEDY)));
        }
        return days;
    }

    static LocalTime time(String text) throws WrongValueException {
        if (BARE_NUMBER.matcher(text).matches()) {
            throw new WrongValueException(
                    "is not a time, as YAML takes 18:00 for a number when it has no quotes", TIME_REMEDY);
        }
        try {
            LocalTime time = LocalTime.parse(text);
            if (time.getNano() == 0) {
                return time;
            }
        } catch (DateTimeException e) {
            throw new WrongValueException("is not a time", TIME_REMEDY);
        }
        throw new WrongValueException("is finer than a second", TIME_REMEDY);
    }

    /** An instant with its offset, or a local date-time that is shown once in the zone. */
    static Instant instant(String text, ZoneId zone) throws WrongValueException {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return local(text, zone);
        }
    }

    private static Instant local(String text, ZoneId zone) throws WrongValueException {
        LocalDateTime local;
        try {
            local = LocalDateTime.parse(text);
        } catch (DateTimeException e) {
            throw new WrongValueException(
                    "is not an instant",
                    "Write it in ISO-8601 with its offset, 2026-07-01T18:00:00+02:00, or without for the zone's time");
        }
        ZoneOffsetTransition transition = zone.getRules().getTransition(local);
        if (transition == null) {
            return local.atZone(zone).toInstant();
        }
        OffsetDateTime one = local.atOffset(transition.getOffsetBefore());
        OffsetDateTime other = local.atOffset(transition.getOffsetAfter());
        if (transition.isGap()) {
            throw new WrongValueException(
                    "does not exist in " + zone + ", where clocks go from " + transition.getDateTimeBefore() + " to "
                            + transition.getDateTimeAfter(),
                    "Write " + shown(one, zone) + " or " + shown(other, zone) + ", whichever is meant");
        }
        throw new WrongValueException(
                "comes twice in " + zone + ", where clocks go back from " + transition.getDateTimeBefore() + " to "
                        + transition.getDateTimeAfter(),
                "Write " + one + " for the first or " + other + " for the second");
    }

    /** The same instant as the zone's clocks show it. */
    private static OffsetDateTime shown(OffsetDateTime instant, ZoneId zone) {
        ZonedDateTime shown = instant.atZoneSameInstant(zone);
        ZoneOffset offset = shown.getOffset();
        return shown.toLocalDateTime().atOffset(offset);
    }

    private static Optional<DayOfWeek> day(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return Arrays.stream(DayOfWeek.values())
                .filter(day ->
                        day.name().equals(upper) || day.name().substring(0, 3).equals(upper))
                .findFirst();
    }

    private static String wrongDay(String name) {
        return name.isEmpty() ? "has an empty day" : "has '" + name + "', which is no day of the week";
    }

    private static boolean sameWords(String known, String text) {
        String flat = text.replaceAll("[ _-]", "").toLowerCase(Locale.ROOT);
        String flatKnown = known.replaceAll("[ _-]", "").toLowerCase(Locale.ROOT);
        return flatKnown.equals(flat) || flatKnown.endsWith("/" + flat);
    }
}
