package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;
import org.collectionscheduler.kubernetes.ApiException.Kind;
import org.jspecify.annotations.Nullable;

/** One request under way and its answer. Closing it, from any thread, aborts it; closing it twice does no harm. */
final class Exchange implements AutoCloseable {

    /** An answer of which this much is not read to its end: the connection is given up instead. */
    private static final int DRAINED_BYTES = 64 * 1024;

    private final KubernetesConnection connection;
    private final Turn turn;
    private final Patience patience;
    private final RequestLimits limits;
    private final CostMeter meter;
    private @Nullable Future<?> pending;
    private @Nullable ResponseBody body;
    private boolean closed;

    Exchange(KubernetesConnection connection, Turn turn, Patience patience, RequestLimits limits, CostMeter meter) {
        this.connection = connection;
        this.turn = turn;
        this.patience = patience;
        this.limits = limits;
        this.meter = meter;
    }

    /** Waits until a request may be sent. */
    @FunctionalInterface
    interface Turn {
        void await() throws ApiException;
    }

    /**
     * Sends the request, and once more when the answer is 401 and there are newer credentials.
     *
     * @return the head of the answer; its body is read by {@link #decoded}
     * @throws ExecutionException with what the client failed with
     */
    HttpResponse<AsyncBody> send(ApiRequest request) throws ApiException, ExecutionException {
        StandardHttpRequest.Builder builder = credentials(connection.prepare(request));
        HttpResponse<AsyncBody> answer = sendOnce(builder.build());
        if (answer.code() == 401 && credentials(connection.renew(builder, answer))) {
            drain(answer);
            meter.retry();
            return sendOnce(builder.build());
        }
        return answer;
    }

    /** The body without compression, counted and bounded. */
    InputStream decoded(HttpResponse<AsyncBody> answer) throws IOException {
        String encoding = answer.header("Content-Encoding");
        InputStream raw = current();
        if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
            return new DecodedBody(raw, limits.maxBytes(), meter);
        }
        if (encoding.equalsIgnoreCase("gzip")) {
            return new DecodedBody(new GZIPInputStream(raw, 16 * 1024), limits.maxBytes(), meter);
        }
        throw new MalformedBodyException("it is encoded in a way that was not asked for");
    }

    /**
     * Reads what is left of a small body, so that the connection can be used again. A body that breaks here changes
     * nothing: the status has already said what is wrong.
     */
    void drain(HttpResponse<AsyncBody> answer) throws ApiException {
        try {
            InputStream rest = decoded(answer);
            rest.readNBytes(DRAINED_BYTES);
        } catch (BodyException e) {
            if (e.failure().kind().endsAttempt()) {
                throw e.failure();
            }
        } catch (IOException e) {
            current().close();
        }
    }

    @Override
    public void close() {
        Future<?> waiting;
        ResponseBody reading;
        synchronized (this) {
            closed = true;
            waiting = pending;
            reading = body;
        }
        if (waiting != null) {
            waiting.cancel(true);
        }
        if (reading != null) {
            reading.close();
        }
    }

    private HttpResponse<AsyncBody> sendOnce(StandardHttpRequest request) throws ApiException, ExecutionException {
        turn.await();
        ResponseBody next = new ResponseBody(patience, meter);
        meter.request();
        HttpResponse<AsyncBody> answer = patience.await(pending(connection.send(request, next)));
        synchronized (this) {
            body = next;
            next.begin(answer.body());
            if (closed) {
                next.close();
            }
        }
        return answer;
    }

    private <T> T credentials(CompletableFuture<T> work) throws ApiException {
        try {
            return patience.await(pending(work));
        } catch (ExecutionException e) {
            throw ApiException.of(
                    Kind.UNAUTHORIZED,
                    "the credentials of " + connection.access().origin()
                            + " cannot be read; check its token file, or the program that it runs");
        } catch (ApiException e) {
            if (e.kind() != Kind.STALLED) {
                throw e;
            }
            throw ApiException.of(
                    Kind.UNREACHABLE,
                    "reading the credentials of " + connection.access().origin()
                            + " does not end; check the program that it runs");
        }
    }

    private synchronized <T> CompletableFuture<T> pending(CompletableFuture<T> future) {
        pending = future;
        if (closed) {
            future.cancel(true);
        }
        return future;
    }

    private synchronized ResponseBody current() {
        if (body == null) {
            throw new IllegalStateException("the head of the answer has not come yet");
        }
        return body;
    }
}
