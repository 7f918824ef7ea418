package org.collectionscheduler.cli;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.collectionscheduler.cli.Preview.Slot;

/**
 * A preview as a calendar that people can subscribe to (RFC 5545). All times are in UTC, so it says nothing of zones. An
 * event keeps its UID from one preview to the next, and is renewed in place.
 */
final class ICalendar {

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Octets in a line, its end not counted. */
    private static final int LONGEST_LINE = 75;

    private final StringBuilder text = new StringBuilder();

    private ICalendar() {}

    /** @param stamp when the calendar is made */
    static String of(Preview preview, Instant begin, int count, Instant stamp) {
        ICalendar calendar = new ICalendar();
        calendar.line("BEGIN:VCALENDAR");
        calendar.line("VERSION:2.0");
        calendar.line("PRODID:-//Collection Scheduler//preview//EN");
        calendar.line("X-WR-CALNAME:" + escaped(preview.title()));
        preview.slots(begin, count).forEach(slot -> calendar.event(preview, slot, stamp));
        calendar.line("END:VCALENDAR");
        return calendar.text.toString();
    }

    private void event(Preview preview, Slot slot, Instant stamp) {
        String identity = preview.title() + '\0' + slot.instant().toEpochMilli();
        line("BEGIN:VEVENT");
        line("UID:" + UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)) + "@collection-scheduler");
        line("DTSTAMP:" + UTC.format(stamp));
        line("DTSTART:" + UTC.format(slot.instant()));
        line("SUMMARY:" + escaped(preview.title()));
        line("DESCRIPTION:" + escaped(slot.local() + (slot.note().isEmpty() ? "" : "\n" + slot.note())));
        line("TRANSP:TRANSPARENT");
        line("END:VEVENT");
    }

    static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replace("\r\n", "\\n")
                .replace("\n", "\\n");
    }

    /** Folded where it is too long: a character is never torn apart, and a line goes on behind a space. */
    private void line(String content) {
        int octets = 0;
        for (int i = 0; i < content.length(); ) {
            int character = content.codePointAt(i);
            int size = Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
            if (octets + size > LONGEST_LINE) {
                text.append("\r\n ");
                octets = 1;
            }
            text.appendCodePoint(character);
            octets += size;
            i += Character.charCount(character);
        }
        text.append("\r\n");
    }
}
