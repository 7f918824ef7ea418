package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Something that no honest object has, put into the first one of a page. */
@FunctionalInterface
interface FakeOddItem {

    FakeOddItem NOTHING = (bytes, start, out) -> {};

    /** @param start where the object begins; it ends where the bytes do, and may be written out */
    void write(FakeBytes bytes, int start, OutputStream out) throws IOException;

    /** @param misbehaviour null for an honest page */
    static FakeOddItem of(@Nullable Misbehaviour misbehaviour) {
        if (misbehaviour == null) {
            return NOTHING;
        }
        long amount = misbehaviour.amount();
        return switch (misbehaviour.type()) {
            case GIANT ->
                behind("\"annotations\":{", out -> {
                    out.write(ascii("\"" + FakeCluster.MARK + "\":\""));
                    repeat('x', amount, out);
                    out.write(ascii("\","));
                });
            case DEEP ->
                behind("\"metadata\":{", out -> {
                    out.write(ascii("\"x\":"));
                    repeat('[', amount, out);
                    repeat(']', amount, out);
                    out.write(',');
                });
            default -> NOTHING;
        };
    }

    private static FakeOddItem behind(String place, FakeHttpExchange.BodyWriter odd) {
        return (bytes, start, out) -> {
            int found = bytes.indexOf(ascii(place), start);
            if (found < 0) {
                return; // a row of a table without its object
            }
            int end = found + place.length();
            bytes.writeTo(out, 0, end);
            odd.write(out);
            bytes.writeTo(out, end, bytes.length());
            bytes.clear();
        };
    }

    /** Piece by piece, so that nobody here holds it all. */
    private static void repeat(char c, long times, OutputStream out) throws IOException {
        byte[] piece = new byte[8192];
        Arrays.fill(piece, (byte) c);
        for (long left = times; left > 0; left -= piece.length) {
            out.write(piece, 0, (int) Math.min(left, piece.length));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
