package org.collectionscheduler.kubernetes;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts the bytes of a body after decompression, and ends it where it grows out of bounds. */
final class DecodedBody extends FilterInputStream {

    private static final int SKIPPED_BYTES = 8 * 1024;

    private final long maxBytes;
    private final CostMeter meter;
    private long count;

    DecodedBody(InputStream in, long maxBytes, CostMeter meter) {
        super(in);
        this.maxBytes = maxBytes;
        this.meter = meter;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            counted(1);
        }
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        if (read > 0) {
            counted(read);
        }
        return read;
    }

    /** Reads, for what is skipped counts too. */
    @Override
    public long skip(long bytes) throws IOException {
        byte[] skipped = new byte[(int) Math.max(0, Math.min(bytes, SKIPPED_BYTES))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    private void counted(int bytes) throws MalformedBodyException {
        meter.decoded(bytes);
        count += bytes;
        if (count > maxBytes) {
            throw new MalformedBodyException("it has more than " + maxBytes + " bytes");
        }
    }
}
