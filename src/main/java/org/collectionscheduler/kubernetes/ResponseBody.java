package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one response as a stream that one thread reads and any thread may close. It asks for the next piece when
 * the last one is read, so it never holds more than one.
 */
final class ResponseBody extends InputStream implements AsyncBody.Consumer<List<ByteBuffer>> {

    /** Buffers that came, or the end: with a failure, or without one when the body is complete. */
    private record Piece(
            List<ByteBuffer> buffers, boolean end, @Nullable Throwable failure) {}

    private final Patience patience;
    private final CostMeter meter;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final Deque<ByteBuffer> buffers = new ArrayDeque<>();
    private volatile @Nullable AsyncBody source;
    private @Nullable Piece end;

    ResponseBody(Patience patience, CostMeter meter) {
        this.patience = patience;
        this.meter = meter;
    }

    /** Joins this stream to the response whose head has come. */
    void begin(AsyncBody body) {
        source = body;
        var unused = body.done().whenComplete((done, failure) -> pieces.add(new Piece(List.of(), true, failure)));
    }

    @Override
    public void consume(List<ByteBuffer> value, AsyncBody body) {
        pieces.add(new Piece(value, false, null));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (buffers.isEmpty()) {
            if (!fill()) {
                return -1;
            }
        }
        ByteBuffer buffer = buffers.getFirst();
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        if (!buffer.hasRemaining()) {
            buffers.removeFirst();
        }
        return count;
    }

    @Override
    public int available() {
        return buffers.isEmpty() ? 0 : buffers.getFirst().remaining();
    }

    /** Ends a read that waits, and closes the connection unless the body is complete. */
    @Override
    public void close() {
        pieces.add(new Piece(List.of(), true, new BodyException(Patience.cancelled())));
        AsyncBody body = source;
        if (body != null && !body.done().isDone()) {
            body.cancel();
        }
    }

    private boolean fill() throws IOException {
        if (end == null) {
            Piece piece = next();
            if (!piece.end()) {
                take(piece.buffers());
                return true;
            }
            end = piece;
        }
        Throwable failure = end.failure();
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure != null) {
            throw new IOException("the body ended early", failure);
        }
        return false;
    }

    private Piece next() throws BodyException {
        AsyncBody body = source;
        if (body != null) {
            body.consume();
        }
        try {
            return patience.await(pieces);
        } catch (ApiException e) {
            throw new BodyException(e);
        }
    }

    private void take(List<ByteBuffer> value) {
        for (ByteBuffer buffer : value) {
            meter.wire(buffer.remaining());
            if (buffer.hasRemaining()) {
                buffers.addLast(buffer);
            }
        }
    }
}
