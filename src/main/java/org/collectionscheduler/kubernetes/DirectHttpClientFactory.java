package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientImpl;
import java.net.http.HttpClient;
import java.util.concurrent.Executor;

/**
 * Makes JDK clients that follow no redirect, lest a token reach another server, and run on the given executor. Closing
 * one of them leaves the executor alone: fabric8 makes more of them when it refreshes a token.
 */
final class DirectHttpClientFactory extends JdkHttpClientFactory {

    private final Executor executor;

    DirectHttpClientFactory(Executor executor) {
        this.executor = executor;
    }

    @Override
    protected HttpClient.Builder createNewHttpClientBuilder() {
        return HttpClient.newBuilder().executor(executor);
    }

    @Override
    protected void additionalConfig(HttpClient.Builder builder) {
        builder.followRedirects(HttpClient.Redirect.NEVER);
    }

    @Override
    protected void closeHttpClient(JdkHttpClientImpl client) {
        // The owner of the executor closes it.
    }
}
