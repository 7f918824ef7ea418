package org.collectionscheduler.kubernetes;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** A protobuf message that grows at its end, field by field. Fast, because benchmarks read it. */
final class FakeMessage {

    /** Enough for the tag and the length of a field, or for its tag and number. */
    private static final int HEAD_BYTES = 20;

    private static final int MOST_BYTES_OF_CHAR = 3;

    private byte[] bytes = new byte[64];
    private CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    FakeMessage text(int number, String value) {
        room(HEAD_BYTES + value.length() * MOST_BYTES_OF_CHAR);
        return written(() -> out.writeString(number, value));
    }

    FakeMessage number(int number, long value) {
        room(HEAD_BYTES);
        return written(() -> out.writeInt64(number, value));
    }

    FakeMessage message(int number, FakeMessage value) {
        return bytes(number, value.bytes, 0, value.length());
    }

    FakeMessage bytes(int number, byte[] value, int from, int to) {
        room(HEAD_BYTES + to - from);
        return written(() -> {
            out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(to - from);
            out.write(value, from, to - from);
        });
    }

    /** Any bytes, whether they are fields or not. */
    FakeMessage raw(byte... value) {
        room(value.length);
        return written(() -> out.writeRawBytes(value));
    }

    /** The fields of another message, behind those of this one. */
    FakeMessage all(FakeMessage other) {
        room(other.length());
        return written(() -> out.write(other.bytes, 0, other.length()));
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length());
    }

    void writeTo(OutputStream target) throws IOException {
        target.write(bytes, 0, length());
    }

    private int length() {
        return bytes.length - out.spaceLeft();
    }

    private void room(int more) {
        if (out.spaceLeft() < more) {
            int length = length();
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
            out = CodedOutputStream.newInstance(bytes, length, bytes.length - length);
        }
    }

    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }

    private FakeMessage written(Writing writing) {
        try {
            writing.write();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is room
        }
    }
}
