package org.collectionscheduler.kubernetes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Protobuf read in the plainest way, whole and in memory, to compare the real reader with.
 *
 * @param fields in their order
 */
record PlainMessage(List<Field> fields) {

    /** One field: with a number, with bytes, or with what is neither. */
    record Field(int number, @Nullable Long varint, byte @Nullable [] bytes) {}

    /** What is no message. */
    static final class Invalid extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    static PlainMessage of(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        List<Field> fields = new ArrayList<>();
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            require(tag >>> 3 != 0);
            fields.add(
                    switch (tag & 7) {
                        case 0 -> new Field(tag >>> 3, varint(in), null);
                        case 1 -> fixed(tag >>> 3, in, 8);
                        case 2 -> new Field(tag >>> 3, null, bytes(in, varint(in)));
                        case 5 -> fixed(tag >>> 3, in, 4);
                        default -> throw new Invalid();
                    });
        }
        return new PlainMessage(fields);
    }

    Stream<PlainMessage> messages(int number) {
        return all(number).map(field -> of(present(field.bytes())));
    }

    /** The only message of that number, or one without fields. */
    PlainMessage message(int number) {
        return messages(number)
                .reduce((first, second) -> new PlainMessage(both(first, second)))
                .orElse(new PlainMessage(List.of()));
    }

    /** The last text of that number; null when it is empty or there is none. */
    @Nullable String text(int number) {
        List<String> texts =
                all(number).map(field -> utf8(present(field.bytes()))).toList();
        return texts.isEmpty() || texts.get(texts.size() - 1).isEmpty() ? null : texts.get(texts.size() - 1);
    }

    /** The last number; null when there is none. */
    @Nullable Long number(int number) {
        List<Long> numbers = all(number).map(field -> present(field.varint())).toList();
        return numbers.isEmpty() ? null : numbers.get(numbers.size() - 1);
    }

    long count(int number) {
        return all(number).count();
    }

    private Stream<Field> all(int number) {
        return fields.stream().filter(field -> field.number() == number);
    }

    private static List<Field> both(PlainMessage first, PlainMessage second) {
        return Stream.concat(first.fields().stream(), second.fields().stream()).toList();
    }

    /** No field that matters has a fixed length, so the value of one that has is dropped. */
    private static Field fixed(int number, ByteBuffer in, int length) {
        require(length <= in.remaining());
        in.position(in.position() + length);
        return new Field(number, null, null);
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Invalid();
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            require(in.hasRemaining());
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new Invalid();
    }

    private static byte[] bytes(ByteBuffer in, long length) {
        require(length >= 0 && length <= in.remaining());
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new Invalid();
        }
        return value;
    }

    private static void require(boolean valid) {
        if (!valid) {
            throw new Invalid();
        }
    }
}
