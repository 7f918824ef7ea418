package org.collectionscheduler.kubernetes;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
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
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 on one socket of {@link FakeKubernetesApi}: as much of it as one polite client needs. */
final class FakeHttpExchange {

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

    /** How a body may be sent. */
    enum Encoding {
        PLAIN,
        /** As the API server does it. */
        GZIP_WHERE_LARGE,
        /** Always compressed, and without the end. */
        GZIP_CUT_SHORT
    }

    /**
     * Who is told of each body.
     *
     * @param decoded how many bytes there were before compression
     * @param wire how many bytes there were after it, frames of chunks apart
     */
    record Meters(LongConsumer decoded, LongConsumer wire) {}

    private final InputStream in;
    private final OutputStream out;
    private final Meters meters;

    FakeHttpExchange(Socket socket, Meters meters) throws IOException {
        this.meters = meters;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
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
            headers.merge(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim(),
                    (first, further) -> first + "," + further);
        }
        in.skipNBytes(Long.parseLong(headers.getOrDefault("content-length", "0")));
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
     * Writes an answer the way the API server does: compressed only where it is large.
     *
     * @param head the lines up to those about the body
     * @param encoding what the client takes
     * @param halfway happens in the middle of the body; null for a body that is whole
     */
    void answer(String head, Encoding encoding, BodyWriter body, @Nullable Interruption halfway) throws IOException {
        FakeBody encoded = new FakeBody(out, head, encoding, halfway, meters);
        body.write(encoded);
        encoded.close(); // not after a failure: what is broken must not look whole
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
}
