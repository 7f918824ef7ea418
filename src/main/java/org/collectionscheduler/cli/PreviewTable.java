package org.collectionscheduler.cli;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.collectionscheduler.cli.Preview.Slot;

/** A preview in columns. */
final class PreviewTable {

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private PreviewTable() {}

    static String of(Preview preview, Instant begin, int count) {
        List<Slot> slots = preview.slots(begin, count);
        if (slots.isEmpty()) {
            return preview.title() + "\nno time from " + begin + " on\n";
        }
        String head = "local time in " + preview.zone();
        int wide = Math.max(head.length(), LOCAL.format(slots.get(0).local()).length());
        int instantWide = slots.stream()
                .mapToInt(slot -> slot.instant().toString().length())
                .max()
                .orElse(0);
        return preview.title() + "\n" + row(head, wide, "UTC", instantWide, "")
                + slots.stream()
                        .map(slot -> row(
                                LOCAL.format(slot.local()), wide, slot.instant().toString(), instantWide, slot.note()))
                        .collect(Collectors.joining());
    }

    private static String row(String local, int wide, String instant, int instantWide, String note) {
        return (pad(local, wide) + "  " + pad(instant, instantWide) + "  " + note).stripTrailing() + "\n";
    }

    private static String pad(String text, int wide) {
        return text + " ".repeat(wide - text.length());
    }
}
