package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow at their end, and what of numbers and text objects are made of. Fast, because benchmarks read it. */
final class FakeBytes {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    private FakeBytes(int expected) {
        this.bytes = new byte[expected];
    }

    /** For whole objects. */
    static FakeBytes large() {
        return new FakeBytes(32 * 1024);
    }

    /** For a name. */
    static FakeBytes small() {
        return new FakeBytes(64);
    }

    int length() {
        return length;
    }

    void put(byte[] piece) {
        room(piece.length);
        System.arraycopy(piece, 0, bytes, length, piece.length);
        length += piece.length;
    }

    /** Text of ASCII characters only. */
    void ascii(String text) {
        int count = text.length();
        room(count);
        for (int i = 0; i < count; i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length += count;
    }

    void put(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
    }

    void number(long value) {
        ascii(Long.toString(value));
    }

    /** Two decimal digits. */
    void twoDigits(int value) {
        put((char) ('0' + value / 10));
        put((char) ('0' + value % 10));
    }

    /** Random hexadecimal digits. */
    void hex(int count, long random) {
        room(count);
        long left = random;
        for (int i = 0; i < count; i++) {
            if (i % 16 == 0) {
                left = FakeRandom.mix(random + i);
            }
            bytes[length++] = HEX[(int) left & 15];
            left >>>= 4;
        }
    }

    /** Random characters of an alphabet. */
    void chosen(int count, byte[] alphabet, long random) {
        room(count);
        long left = random;
        for (int i = 0; i < count; i++) {
            if (i % 10 == 0) {
                left = FakeRandom.mix(random + i) >>> 1;
            }
            bytes[length++] = alphabet[(int) (left % alphabet.length)];
            left /= alphabet.length;
        }
    }

    /** A number written with the digits of an alphabet, with leading zeros. */
    void padded(int width, byte[] digits, long value) {
        room(width);
        long left = value;
        for (int i = width - 1; i >= 0; i--) {
            bytes[length + i] = digits[(int) (left % digits.length)];
            left /= digits.length;
        }
        length += width;
    }

    /** Where a piece begins at or after a place; -1 where it does not. */
    int indexOf(byte[] piece, int from) {
        for (int i = from; i + piece.length <= length; i++) {
            if (Arrays.equals(bytes, i, i + piece.length, piece, 0, piece.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Writes the bytes between two places. */
    void writeTo(OutputStream out, int from, int to) throws IOException {
        out.write(bytes, from, to - from);
    }

    void clear() {
        length = 0;
    }

    /** Writes everything and is empty again. */
    void drainTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
        length = 0;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    String text() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
