package org.collectionscheduler.kubernetes;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 on one socket of {@link FakeKubernetesApi}: as much of it as one polite client needs. */
final class FakeHttpExchange {

    private static final int HALFWAY_BYTES = 100;

    /** What was asked for. Names of headers are in lower case. */
    record Head(String method, String path, Map<String, String> query, Map<String, String> headers) {}

    /** Writes a body piece by piece. */
    @FunctionalInterface
    interface BodyWriter {
        void write(OutputStream out) throws IOException;
    }

    /** What happens in the middle of a body. */
    @FunctionalInterface
    interface Interruption {
        /** @return how many bytes later it happens again; 0 for never */
        int happen() throws IOException;
    }

    private final InputStream in;
    private final OutputStream out;

    FakeHttpExchange(Socket socket) throws IOException {
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
    }

    /** The next request; null when the client has closed the connection. */
    @Nullable Head read() throws IOException {
        String line = line();
        if (line == null || line.isBlank()) {
            return null;
        }
        String[] words = line.split(" ", -1);
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(); header != null && !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim());
        }
        String[] target = words[1].split("\\?", 2);
        return new Head(words[0], target[0], query(target.length == 2 ? target[1] : ""), headers);
    }

    /** Waits until the client closes the connection. */
    void awaitClientsEnd() throws IOException {
        while (in.read() >= 0) {
            continue;
        }
    }

    /**
     * Writes an answer in chunks.
     *
     * @param decoded is told how many bytes there were before compression
     * @param wire is told how many bytes there were after it, frames of chunks apart
     * @param halfway happens in the middle of the body; null for a body that is whole
     */
    void answer(
            String head,
            boolean gzip,
            BodyWriter body,
            @Nullable Interruption halfway,
            LongConsumer decoded,
            LongConsumer wire)
            throws IOException {
        out.write((head + "Transfer-Encoding: chunked\r\n" + (gzip ? "Content-Encoding: gzip\r\n" : "") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        Chunks chunks = new Chunks(out, wire, halfway);
        OutputStream encoded = gzip ? new GZIPOutputStream(chunks, 16 * 1024) : new BufferedOutputStream(chunks, 8192);
        try (OutputStream counted = new Counted(encoded, decoded)) {
            body.write(counted);
        }
        out.flush();
    }

    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                if (line.isEmpty()) {
                    return null;
                }
                throw new EOFException("the client closed the connection within a request");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                query.put(parts[0], parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
            }
        }
        return query;
    }

    private static final class Counted extends FilterOutputStream {

        private final LongConsumer counter;

        Counted(OutputStream out, LongConsumer counter) {
            super(out);
            this.counter = counter;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            counter.accept(length);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            counter.accept(1);
        }
    }

    /** Frames what is written, and lets the interruption happen after some bytes or before the end of a short body. */
    private static final class Chunks extends OutputStream {

        private final OutputStream out;
        private final LongConsumer counter;
        private @Nullable Interruption halfway;
        private int untilHalfway = HALFWAY_BYTES;

        Chunks(OutputStream out, LongConsumer counter, @Nullable Interruption halfway) {
            this.out = out;
            this.counter = counter;
            this.halfway = halfway;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int done = 0;
            while (halfway != null && length - done >= untilHalfway) {
                chunk(bytes, offset + done, untilHalfway);
                done += untilHalfway;
                interrupt();
            }
            chunk(bytes, offset + done, length - done);
            untilHalfway -= length - done;
        }

        @Override
        public void close() throws IOException {
            interrupt();
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }

        private void interrupt() throws IOException {
            Interruption interruption = halfway;
            if (interruption != null) {
                out.flush();
                untilHalfway = interruption.happen();
                halfway = untilHalfway > 0 ? interruption : null;
            }
        }

        private void chunk(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, offset, length);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                counter.accept(length);
            }
        }
    }
}
