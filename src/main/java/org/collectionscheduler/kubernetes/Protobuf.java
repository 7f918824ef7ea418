package org.collectionscheduler.kubernetes;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a protobuf message field by field as it comes, within bounds, and passes over what nobody asked for. Not the
 * classes that would be generated for the API's messages: those hold a whole page.
 */
final class Protobuf {

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int MAX_TEXT_BYTES = 100_000;
    private static final int NONE = 0;

    private final CodedInputStream input;

    /** Of the field whose value comes next; {@link #NONE} when its value was read. */
    private int unread = NONE;

    /** Reads the value of one field; what it does not read is passed over. */
    @FunctionalInterface
    interface FieldReader {
        /** @param value stands before the value; field numbers mean something only within their own message */
        void read(int number, Protobuf value) throws IOException;
    }

    private Protobuf(InputStream in) {
        this.input = CodedInputStream.newInstance(in, BUFFER_BYTES);
    }

    /**
     * Reads one message, to the end of the stream.
     *
     * @throws EOFException when the stream ends before the message does
     */
    static void document(InputStream in, FieldReader fields) throws IOException {
        Source source = new Source(in);
        try {
            new Protobuf(source).eachFieldToEnd(fields);
        } catch (InvalidProtocolBufferException e) {
            if (source.ended) {
                throw new EOFException("it ends within a field");
            }
            throw new MalformedBodyException("it is not protobuf within bounds");
        }
    }

    /** Visits the fields of the message that stands here. */
    void eachField(FieldReader fields) throws IOException {
        int outer = input.pushLimit(length());
        eachFieldToEnd(fields);
        if (input.getBytesUntilLimit() > 0) {
            throw new EOFException("it ends between two fields of a message");
        }
        input.popLimit(outer);
    }

    /** The string that stands here; null when it is empty, for servers write out what is not set. */
    @Nullable String text() throws IOException {
        int length = length();
        if (length > MAX_TEXT_BYTES) {
            throw new MalformedBodyException("a text in it has more than " + MAX_TEXT_BYTES + " bytes");
        }
        ByteString text = ByteString.copyFrom(input.readRawBytes(length));
        if (!text.isValidUtf8()) {
            throw new MalformedBodyException("a text in it is not UTF-8");
        }
        return text.isEmpty() ? null : text.toStringUtf8();
    }

    /** The whole number that stands here. */
    long wholeNumber() throws IOException {
        take(WireFormat.WIRETYPE_VARINT);
        return input.readInt64();
    }

    private void eachFieldToEnd(FieldReader fields) throws IOException {
        for (int tag = input.readTag(); tag != NONE; tag = input.readTag()) {
            unread = tag;
            fields.read(WireFormat.getTagFieldNumber(tag), this);
            if (unread != NONE) {
                pass();
            }
        }
    }

    private void pass() throws IOException {
        switch (WireFormat.getTagWireType(unread)) {
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> input.skipRawBytes(length());
            case WireFormat.WIRETYPE_START_GROUP, WireFormat.WIRETYPE_END_GROUP ->
                throw new MalformedBodyException("it has a group, which no message of the API has");
            default -> input.skipField(unread);
        }
        unread = NONE;
    }

    /** How many bytes the value has. Told apart from a stream that ends early: no message is longer than what it is in. */
    private int length() throws IOException {
        take(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        long length = input.readRawVarint64();
        int left = input.getBytesUntilLimit();
        if (length < 0 || length > (left < 0 ? Integer.MAX_VALUE : left)) {
            throw new MalformedBodyException("a length in it cannot be");
        }
        return (int) length;
    }

    private void take(int wireType) throws MalformedBodyException {
        if (WireFormat.getTagWireType(unread) != wireType) {
            throw new MalformedBodyException("one of its fields is of another type");
        }
        unread = NONE;
    }

    /** Knows whether the stream came to its end, which the parser's exceptions do not tell. */
    private static final class Source extends FilterInputStream {

        private boolean ended;

        Source(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            ended |= read < 0;
            return read;
        }
    }
}
