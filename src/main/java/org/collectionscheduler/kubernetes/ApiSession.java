package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Cost;
import org.collectionscheduler.kubernetes.ApiException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The reads of one attempt: each bounded, repeated where that helps, counted, and aborted when the attempt is. Safe for
 * use by several threads.
 */
final class ApiSession {

    private static final Logger log = LoggerFactory.getLogger(ApiSession.class);

    private final KubernetesConnection connection;
    private final RequestGate gate;
    private final CollectionContext context;
    private final ClientSettings settings;
    private final LongSupplier nanos;
    private final CostMeter meter = new CostMeter();
    private final InFlight inFlight;
    private volatile boolean answered;

    /** @param nanos monotonic time */
    ApiSession(
            KubernetesConnection connection,
            RequestGate gate,
            CollectionContext context,
            ClientSettings settings,
            LongSupplier nanos) {
        this.connection = connection;
        this.gate = gate;
        this.context = context;
        this.settings = settings;
        this.nanos = nanos;
        this.inFlight = context.closeOnCancel(new InFlight());
    }

    /** Reads a body whole, or throws: what it read before does not count, for the request may be sent again. */
    @FunctionalInterface
    interface BodyReader<T> {
        T read(InputStream body) throws IOException;
    }

    CollectionContext context() {
        return context;
    }

    ClusterAccess access() {
        return connection.access();
    }

    PageLimits pages() {
        return settings.pages();
    }

    /** Nanoseconds since an arbitrary moment, however the wall clock is stepped. */
    long nanos() {
        return nanos.getAsLong();
    }

    /** How long so many requests take at least. */
    Duration timeFor(long requests) {
        return gate.timeFor(requests);
    }

    Cost cost() {
        return meter.cost();
    }

    /** Sends a read request, again where that may help and there is time, and reads the answer. */
    <T> T get(ApiRequest request, BodyReader<T> reader) throws ApiException {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(request, reader);
            } catch (ApiException e) {
                if (!e.kind().retryable() || attempt >= settings.retry().attempts()) {
                    throw e;
                }
                pause(settings.retry().delayAfter(attempt, e.retryAfter()), e);
                meter.retry();
            }
        }
    }

    private <T> T once(ApiRequest request, BodyReader<T> reader) throws ApiException {
        try (RequestGate.Place unused = gate.enter(context)) {
            return inPlace(request, reader);
        }
    }

    private <T> T inPlace(ApiRequest request, BodyReader<T> reader) throws ApiException {
        Failures failures = new Failures(connection.access(), request);
        Patience patience = new Patience(context, settings.request(), request.action(), nanos);
        Exchange exchange = new Exchange(connection, this::awaitTurn, patience, settings.request(), meter);
        inFlight.add(exchange);
        try {
            HttpResponse<AsyncBody> answer = send(exchange, request);
            new Answers(connection.access(), request, context.clock()).check(exchange, answer);
            return reader.read(exchange.decoded(answer));
        } catch (ExecutionException e) {
            throw failures.beforeAnswer(Objects.requireNonNullElse(e.getCause(), e));
        } catch (IOException | JacksonException e) {
            throw failures.inBody(e);
        } finally {
            inFlight.remove(exchange);
            exchange.close();
        }
    }

    /**
     * A server that has never answered is taken to be out of reach when it is silent: perhaps only because the
     * connection, kept since the last attempt, is dead, so asking again helps; perhaps it is, and then all would wait.
     */
    private HttpResponse<AsyncBody> send(Exchange exchange, ApiRequest request)
            throws ApiException, ExecutionException {
        try {
            HttpResponse<AsyncBody> answer = exchange.send(request);
            answered = true;
            return answer;
        } catch (ApiException e) {
            if (e.kind() == Kind.STALLED && !answered) {
                throw ApiException.of(Kind.UNREACHABLE, e.getMessage());
            }
            throw e;
        }
    }

    private void pause(Duration delay, ApiException cause) throws ApiException {
        if (delay.compareTo(context.remaining()) >= 0) {
            throw cause.explained(
                    "; asking again in " + delay.toMillis()
                            + " ms would be after the end of this attempt, so raise the collection's timeout or ask less often");
        }
        log.atDebug()
                .addKeyValue("collection", context.collection())
                .addKeyValue("runId", context.runId())
                .addKeyValue("kind", cause.kind())
                .addKeyValue("delay", delay)
                .log("request is repeated after a delay");
        if (cause.retryAfter() != null) {
            gate.hold(delay);
        }
        rest(delay);
    }

    private void awaitTurn() throws ApiException {
        rest(gate.turn(context));
    }

    /** Ends early, with an exception, when the attempt is cancelled. */
    private void rest(Duration delay) throws ApiException {
        try {
            if (inFlight.awaitClosed(delay)) {
                throw Patience.cancelled();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Patience.cancelled();
        }
    }
}
