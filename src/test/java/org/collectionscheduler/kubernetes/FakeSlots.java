package org.collectionscheduler.kubernetes;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The slots that templates may have. Slots with the same salt hold the same value within one object. */
final class FakeSlots {

    private static final Pattern SPEC = Pattern.compile("([a-z]+?)((?:\\d[^:]*)|(?<=pick)[^:]*)?(?::(.*))?");
    private static final byte[] BASE_36 = ascii("0123456789abcdefghijklmnopqrstuvwxyz");
    /** Without vowels and what looks like one, as in the names that controllers make. */
    private static final byte[] SAFE = ascii("bcdfghjklmnpqrstvwxz2456789");

    private static final int DAYS = 500;
    private static final int DAY_SECONDS = 86_400;
    private static final byte[][] DATES = dates();

    private FakeSlots() {}

    /**
     * Reads what stands between angle brackets.
     *
     * <ul>
     *   <li>{@code name namespace uid version rank node padding none}: of the object
     *   <li>{@code time:N}: N seconds after it was made
     *   <li>{@code hex64:salt hash10:salt alnum8:salt uuid:salt ip:salt}: random, of a length
     *   <li>{@code num1-9:salt}: a random number between two, both included
     *   <li>{@code picka,b,c:salt}: one of some texts
     *   <li>{@code fact:x} see {@link FakeFacts}; {@code fleet:x} see {@link FakeFleet}
     * </ul>
     */
    static FakeSlot parse(String spec) {
        Matcher matcher = SPEC.matcher(spec);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("there is no slot <" + spec + ">");
        }
        String parameter = matcher.group(2) == null ? "" : matcher.group(2);
        String salt = matcher.group(3);
        return salt == null ? own(matcher.group(1)) : salted(matcher.group(1), parameter, salt);
    }

    private static FakeSlot own(String word) {
        return switch (word) {
            case "name" -> (out, object) -> object.writeName(out);
            case "namespace" -> (out, object) -> out.ascii(object.namespace());
            case "uid" -> FakeSlots::uid;
            case "version" -> (out, object) -> out.number(object.version());
            case "rank" -> (out, object) -> out.padded(FakeObject.RANK_WIDTH, BASE_36, object.rank());
            case "node" -> (out, object) -> object.node().writeName(out);
            case "padding" -> (out, object) -> padding(out, object.cluster().padding());
            case "none" -> (out, object) -> out.ascii("\\u003cnone\\u003e");
            default -> throw new IllegalArgumentException("there is no slot <" + word + ">");
        };
    }

    private static FakeSlot salted(String word, String parameter, String text) {
        int salt = text.hashCode();
        return switch (word) {
            case "hex" -> hex(Integer.parseInt(parameter), salt);
            case "hash" -> chosen(Integer.parseInt(parameter), SAFE, salt);
            case "alnum" -> chosen(Integer.parseInt(parameter), BASE_36, salt);
            case "uuid" -> (out, object) -> uuid(out, object.random(salt));
            case "ip" -> (out, object) -> ip(out, object.random(salt));
            case "num" -> number(parameter.split("-"), salt);
            case "pick" -> pick(parameter.split(","), salt);
            case "time" -> time(Integer.parseInt(text));
            case "fact" -> FakeFacts.slot(text);
            case "fleet" -> FakeFacts.fleetSlot(text);
            default -> throw new IllegalArgumentException("there is no slot <" + word + ":" + text + ">");
        };
    }

    private static FakeSlot hex(int count, int salt) {
        return (out, object) -> out.hex(count, object.random(salt));
    }

    private static FakeSlot chosen(int count, byte[] alphabet, int salt) {
        return (out, object) -> out.chosen(count, alphabet, object.random(salt));
    }

    private static FakeSlot number(String[] bounds, int salt) {
        int least = Integer.parseInt(bounds[0]);
        int span = Integer.parseInt(bounds[1]) - least + 1;
        return (out, object) -> out.number(least + FakeRandom.below(span, object.random(salt)));
    }

    private static FakeSlot pick(String[] texts, int salt) {
        return (out, object) -> out.ascii(texts[FakeRandom.below(texts.length, object.random(salt))]);
    }

    private static FakeSlot time(int after) {
        return (out, object) -> {
            int second = FakeRandom.below((DAYS - 100) * DAY_SECONDS, object.random(7)) + after;
            int time = second % DAY_SECONDS;
            out.put(DATES[second / DAY_SECONDS]);
            out.twoDigits(time / 3600);
            out.put(':');
            out.twoDigits(time / 60 % 60);
            out.put(':');
            out.twoDigits(time % 60);
            out.put('Z');
        };
    }

    private static void uid(FakeBytes out, FakeObject object) {
        if (object.kind() == FakeKind.NAMESPACES && object.index() == 0) {
            out.ascii(FakeCluster.UID);
        } else {
            uuid(out, object.random(3));
        }
    }

    private static void uuid(FakeBytes out, long random) {
        out.hex(8, random);
        out.put('-');
        out.hex(4, random + 1);
        out.ascii("-4");
        out.hex(3, random + 2);
        out.ascii("-a");
        out.hex(3, random + 3);
        out.put('-');
        out.hex(12, random + 4);
    }

    private static void ip(FakeBytes out, long random) {
        out.ascii("10.");
        out.number(random >>> 56);
        out.put('.');
        out.number(random >>> 48 & 255);
        out.put('.');
        out.number(1 + (random >>> 40 & 127));
    }

    private static void padding(FakeBytes out, int bytes) {
        if (bytes > 0) {
            out.ascii(",{\"manager\":\"" + FakeCluster.MARK
                    + "\",\"operation\":\"Update\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:metadata\":{\"f:"
                    + "m".repeat(bytes) + "\":{}}}}");
        }
    }

    private static byte[][] dates() {
        byte[][] dates = new byte[DAYS][];
        LocalDate first = LocalDate.of(2024, 1, 1);
        for (int day = 0; day < DAYS; day++) {
            dates[day] = ascii(first.plusDays(day) + "T");
        }
        return dates;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
