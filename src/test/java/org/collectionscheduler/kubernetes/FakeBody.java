package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A body as it is written: kept back until it is known whether it is large, then framed and perhaps compressed. */
final class FakeBody extends OutputStream {

    /** What the API server sends larger than that, it compresses. */
    static final int GZIP_BYTES = 128 * 1024;

    /** What is smaller goes with its length, as Go's server does it. */
    private static final int LENGTH_BYTES = 2048;

    private static final int HALFWAY_BYTES = 100;

    private final OutputStream out;
    private final String head;
    private final FakeHttpExchange.Encoding encoding;
    private final FakeHttpExchange.@Nullable Interruption halfway;
    private final FakeHttpExchange.Meters meters;
    private final byte[] kept = new byte[GZIP_BYTES];
    private int keptBytes;
    private @Nullable OutputStream encoded;

    FakeBody(
            OutputStream out,
            String head,
            FakeHttpExchange.Encoding encoding,
            FakeHttpExchange.@Nullable Interruption halfway,
            FakeHttpExchange.Meters meters) {
        this.out = out;
        this.head = head;
        this.encoding = encoding;
        this.halfway = halfway;
        this.meters = meters;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        meters.decoded().accept(length);
        OutputStream open = encoded;
        if (open == null && keptBytes + length <= GZIP_BYTES) {
            System.arraycopy(bytes, offset, kept, keptBytes, length);
            keptBytes += length;
            return;
        }
        if (open == null) {
            open = release(encoding);
        }
        open.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        OutputStream open = encoded;
        if (open == null && halfway == null && keptBytes < LENGTH_BYTES && !cutShort()) {
            head("Content-Length: " + keptBytes + "\r\n");
            out.write(kept, 0, keptBytes);
            meters.wire().accept(keptBytes);
            return;
        }
        if (open == null) {
            open = release(cutShort() ? encoding : FakeHttpExchange.Encoding.PLAIN);
        }
        open.close();
    }

    private boolean cutShort() {
        return encoding == FakeHttpExchange.Encoding.GZIP_CUT_SHORT;
    }

    private OutputStream release(FakeHttpExchange.Encoding chosen) throws IOException {
        boolean gzip = chosen != FakeHttpExchange.Encoding.PLAIN;
        head("Transfer-Encoding: chunked\r\n" + (gzip ? "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n" : ""));
        OutputStream chunks = new Chunks(out, meters, halfway);
        OutputStream open = gzip ? new QuickGzip(cutShort() ? new Shortened(chunks) : chunks) : chunks;
        encoded = open;
        open.write(kept, 0, keptBytes);
        return open;
    }

    private void head(String aboutBody) throws IOException {
        out.write((head + aboutBody + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static final class QuickGzip extends GZIPOutputStream {

        QuickGzip(OutputStream out) throws IOException {
            super(out, 32 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** Loses the last bytes. */
    private static final class Shortened extends OutputStream {

        private static final int LOST_BYTES = 40;

        private final OutputStream out;
        private final byte[] last = new byte[LOST_BYTES];
        private int bytes;

        Shortened(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            if (bytes >= LOST_BYTES) {
                out.write(last[bytes % LOST_BYTES]);
            }
            last[bytes % LOST_BYTES] = (byte) b;
            bytes++;
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Frames what is written, and lets the interruption happen after some bytes or before the end of a short body. */
    private static final class Chunks extends OutputStream {

        private final OutputStream out;
        private final FakeHttpExchange.Meters meters;
        private FakeHttpExchange.@Nullable Interruption halfway;
        private int untilHalfway = HALFWAY_BYTES;

        Chunks(OutputStream out, FakeHttpExchange.Meters meters, FakeHttpExchange.@Nullable Interruption halfway) {
            this.out = out;
            this.meters = meters;
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
            FakeHttpExchange.Interruption interruption = halfway;
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
                meters.wire().accept(length);
            }
        }
    }
}
