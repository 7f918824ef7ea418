package org.collectionscheduler.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a {@link FakeKubernetesApi} as any client would, without anything of the product. */
final class FakeReader {

    static final String PARTIAL_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    static final String TABLE = "application/json;as=Table;g=meta.k8s.io;v=v1";

    private final FakeKubernetesApi api;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    FakeReader(FakeKubernetesApi api) {
        this.api = api;
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    HttpResponse<byte[]> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.url() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    int status(String path, String... headers) throws IOException, InterruptedException {
        return get(path, headers).statusCode();
    }

    /** The status of an answer that is not waited for. */
    CompletableFuture<Integer> later(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(api.url() + path)).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(HttpResponse::statusCode);
    }

    JsonNode json(String path, String... headers) throws IOException, InterruptedException {
        return json(get(path, headers).body());
    }

    /** All pages of a list. @param path with a limit in its query */
    List<JsonNode> pages(String path, String... headers) throws IOException, InterruptedException {
        List<JsonNode> pages = new ArrayList<>();
        for (String token = ""; pages.isEmpty() || !token.isEmpty(); ) {
            JsonNode page = json(path + (token.isEmpty() ? "" : "&continue=" + token), headers);
            pages.add(page);
            token = page.at("/metadata/continue").asString("");
        }
        return pages;
    }

    /** The objects of all pages of a list. @param path with a limit in its query */
    List<JsonNode> items(String path, String... headers) throws IOException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode page : pages(path, headers)) {
            page.path("items").forEach(items::add);
        }
        return items;
    }

    static JsonNode json(byte[] body) {
        return JsonMapper.shared().readTree(new String(body, StandardCharsets.UTF_8));
    }

    static byte[] gunzip(byte[] body) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asString("");
    }

    static String namespace(JsonNode object) {
        return object.at("/metadata/namespace").asString("");
    }

    static String token(JsonNode page) {
        return page.at("/metadata/continue").asString("");
    }

    static long version(JsonNode page) {
        return Long.parseLong(page.at("/metadata/resourceVersion").asString("-1"));
    }
}
