package org.collectionscheduler.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@link FakeKubernetesApi} in a process of its own, so that what it takes to be the server is not the client's. */
final class FakeServerProcess implements AutoCloseable {

    private final Process process;
    private final String url;
    private final Path kubeconfig;
    private final HttpClient client = HttpClient.newHttpClient();

    private FakeServerProcess(Process process, String url, Path kubeconfig) {
        this.process = process;
        this.url = url;
        this.kubeconfig = kubeconfig;
    }

    /** @param options of {@link FakeKubernetesApi#main} */
    static FakeServerProcess start(Path directory, List<String> options) throws IOException {
        Path kubeconfig = directory.resolve("kubeconfig");
        List<String> command = new ArrayList<>(List.of(ChildJvm.java().toString(), "-Xmx1g"));
        command.addAll(ChildJvm.onClassPath(FakeKubernetesApi.class, options.toArray(String[]::new)));
        command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String url = out.readLine();
        if (url == null) {
            throw new IOException("the fake server did not start");
        }
        return new FakeServerProcess(process, url, kubeconfig);
    }

    String url() {
        return url;
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    /** What it has sent since {@link #reset()}. */
    JsonNode stats() throws IOException, InterruptedException {
        return JsonMapper.shared().readTree(send(HttpRequest.newBuilder(URI.create(url + "/fake/stats"))));
    }

    void reset() throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(URI.create(url + "/fake/reset")).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
