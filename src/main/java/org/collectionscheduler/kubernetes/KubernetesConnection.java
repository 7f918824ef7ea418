package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpLoggingInterceptor;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.collectionscheduler.collector.CollectionFailedException;
import org.jspecify.annotations.Nullable;

/**
 * fabric8's HTTP client for one cluster, used one layer below its retries: those cannot be cancelled and count nothing.
 * Its interceptors, which authenticate, are called by hand. Safe for use by several threads.
 */
final class KubernetesConnection implements AutoCloseable {

    private final ClusterAccess access;
    private final StandardHttpClient<?, ?, ?> client;
    private final List<Interceptor> interceptors;
    private final @Nullable Interceptor tokenRefresh;
    private final ExecutorService executor;

    private KubernetesConnection(
            ClusterAccess access,
            StandardHttpClient<?, ?, ?> client,
            StandardHttpClientBuilder<?, ?, ?> builder,
            ExecutorService executor) {
        this.access = access;
        this.client = client;
        this.interceptors = List.copyOf(builder.getInterceptors().values());
        this.tokenRefresh = builder.getInterceptors().get(TokenRefreshInterceptor.NAME);
        this.executor = executor;
    }

    /**
     * Reads certificates and keys; sends nothing yet.
     *
     * @throws CollectionFailedException when a certificate or key cannot be used
     */
    static KubernetesConnection open(ClusterAccess access, Duration connectTimeout) throws CollectionFailedException {
        ExecutorService executor = Executors.newCachedThreadPool(new NamedThreads("kubernetes-http"));
        try {
            CaCertificates.read(access.config());
            access.config().setConnectionTimeout(Math.toIntExact(connectTimeout.toMillis()));
            HttpClient.Builder builder = new DirectHttpClientFactory(executor).newBuilder(access.config());
            StandardHttpClientBuilder<?, ?, ?> standard = (StandardHttpClientBuilder<?, ?, ?>) builder;
            // At level TRACE it would write tokens and whole bodies to the log.
            standard.getInterceptors().values().removeIf(HttpLoggingInterceptor.class::isInstance);
            return new KubernetesConnection(access, (StandardHttpClient<?, ?, ?>) builder.build(), standard, executor);
        } catch (KubernetesClientException | IllegalArgumentException | IOException | CertificateException e) {
            executor.shutdownNow();
            throw CollectionFailedException.lasting(
                    "a certificate, key, proxy or address in " + access.origin()
                            + " cannot be used: check certificate-authority, client-certificate, client-key, proxy-url"
                            + " and server there",
                    null);
        }
    }

    ClusterAccess access() {
        return access;
    }

    /** Puts a request together with its credentials; reading those may run a program, so it happens on a thread apart. */
    CompletableFuture<StandardHttpRequest.Builder> prepare(ApiRequest request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    StandardHttpRequest.Builder builder = new StandardHttpRequest.Builder();
                    builder.uri(URI.create(access.config().getMasterUrl() + request.path()));
                    builder.setHeader("Accept", request.accept());
                    builder.setHeader("Accept-Encoding", "gzip");
                    StandardHttpRequest plain = builder.build();
                    interceptors.forEach(interceptor -> interceptor.before(builder, plain, client));
                    return builder;
                },
                executor);
    }

    /**
     * Looks for newer credentials after an answer 401.
     *
     * @return whether {@code request} has new ones and is worth sending again
     */
    CompletableFuture<Boolean> renew(StandardHttpRequest.Builder request, HttpResponse<?> refusal) {
        Interceptor refresh = tokenRefresh;
        if (refresh == null) {
            return CompletableFuture.completedFuture(false);
        }
        return CompletableFuture.completedFuture(request)
                .thenComposeAsync(builder -> refresh.afterFailure((BasicBuilder) builder, refusal, client), executor);
    }

    /**
     * Sends a request once.
     *
     * @return completed when the head of the answer has come; cancelling it closes the connection
     */
    CompletableFuture<HttpResponse<AsyncBody>> send(StandardHttpRequest request, ResponseBody body) {
        return client.consumeBytesDirect(request, body);
    }

    /** Aborts what is under way. */
    @Override
    public void close() {
        client.close();
        executor.shutdownNow();
    }
}
