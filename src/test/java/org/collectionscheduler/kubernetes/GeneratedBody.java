package org.collectionscheduler.kubernetes;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/** A body whose pieces are made while it is read, with a look at the heap now and then. */
final class GeneratedBody extends InputStream {

    private static final int LOOKS = 3;

    private final int pieces;
    private final IntFunction<byte[]> made;
    private final byte[] closing;
    private final long usedBefore = used();
    private byte[] piece;
    private int position;
    private int next;
    private long bytes;
    private long mostHeld;

    /** @param made the piece at an index, from 0 up to, and without, their number */
    GeneratedBody(byte[] opening, int pieces, IntFunction<byte[]> made, byte[] closing) {
        this.piece = opening;
        this.pieces = pieces;
        this.made = made;
        this.closing = closing;
    }

    GeneratedBody(String opening, int pieces, IntFunction<byte[]> made, String closing) {
        this(opening.getBytes(StandardCharsets.UTF_8), pieces, made, closing.getBytes(StandardCharsets.UTF_8));
    }

    /** How many were read. */
    long bytes() {
        return bytes;
    }

    /** By which the heap that is in use grew at most. */
    long mostHeld() {
        return mostHeld;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        while (position == piece.length) {
            if (next > pieces) {
                return -1;
            }
            advance();
        }
        int count = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, target, offset, count);
        position += count;
        bytes += count;
        return count;
    }

    private void advance() {
        if (next % (pieces / LOOKS + 1) == pieces / LOOKS) {
            mostHeld = Math.max(mostHeld, used() - usedBefore);
        }
        piece = next == pieces ? closing : made.apply(next);
        position = 0;
        next++;
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
