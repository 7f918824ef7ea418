package org.collectionscheduler.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with slots such as {@code <hex64:image>}, cut into fixed pieces once so that writing it is mostly copying. */
final class FakeTemplate {

    private static final Pattern SLOT = Pattern.compile("<([^<>]+)>");

    private final byte[][] pieces;
    private final FakeSlot[] slots;

    private FakeTemplate(List<byte[]> pieces, List<FakeSlot> slots) {
        this.pieces = pieces.toArray(byte[][]::new);
        this.slots = slots.toArray(FakeSlot[]::new);
    }

    /** @param text see {@link FakeSlots#parse} for what may stand between angle brackets */
    static FakeTemplate parse(String text) {
        List<byte[]> pieces = new ArrayList<>();
        List<FakeSlot> slots = new ArrayList<>();
        Matcher matcher = SLOT.matcher(text);
        int end = 0;
        while (matcher.find()) {
            pieces.add(text.substring(end, matcher.start()).getBytes(StandardCharsets.UTF_8));
            slots.add(FakeSlots.parse(matcher.group(1)));
            end = matcher.end();
        }
        pieces.add(text.substring(end).getBytes(StandardCharsets.UTF_8));
        return new FakeTemplate(pieces, slots);
    }

    void write(FakeBytes out, FakeObject object) {
        for (int i = 0; i < slots.length; i++) {
            out.put(pieces[i]);
            slots[i].write(out, object);
        }
        out.put(pieces[slots.length]);
    }

    String text(FakeObject object) {
        FakeBytes out = FakeBytes.small();
        write(out, object);
        return out.text();
    }
}
