package org.collectionscheduler.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One GET, in bounded time. Redirects are not followed: whoever answers must not choose whom else this process calls.
 * Proxies are what the JDK says. The answer's body is not read.
 */
final class HeartbeatCall {

    private final HttpClient client;
    private final URI target;
    private final Duration timeout;

    /** @param threads do the work of the client */
    HeartbeatCall(URI target, Duration timeout, Executor threads) {
        this.target = target;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(threads)
                .build();
    }

    /** Why it failed, without a word of the URL; empty when it was answered by a status from 200 to 299. */
    Optional<String> make() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(target)
                .timeout(timeout)
                .header("User-Agent", "collection-scheduler")
                .GET()
                .build();
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            if (status >= 300 && status < 400) {
                return Optional.of("status " + status + ", a redirect, which is not followed");
            }
            return status >= 200 && status < 300 ? Optional.empty() : Optional.of("status " + status);
        } catch (ExecutionException e) {
            return Optional.of(reason(e.getCause()));
        } catch (TimeoutException e) {
            return Optional.of("no answer within " + timeout);
        } finally {
            answer.cancel(true);
        }
    }

    /** Messages of exceptions may quote the URL. */
    private static String reason(@Nullable Throwable failure) {
        return failure instanceof IOException
                ? failure.getClass().getSimpleName()
                : "a fault: " + (failure == null ? "unknown" : failure.getClass().getName());
    }
}
