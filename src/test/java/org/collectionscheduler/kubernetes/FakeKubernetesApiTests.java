package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fake keeps the contract of the real server, as far as a client can tell. */
class FakeKubernetesApiTests {

    private final FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 17, 2));
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void pagesUntilTheLast() throws Exception {
        JsonNode first = json(get("/api/v1/pods?limit=5"));
        JsonNode second = json(get("/api/v1/pods?limit=5&continue="
                + first.at("/metadata/continue").asString()));
        JsonNode third = json(get("/api/v1/pods?limit=5&continue="
                + second.at("/metadata/continue").asString()));

        JsonNode fourth = json(get("/api/v1/pods?limit=5&continue="
                + third.at("/metadata/continue").asString()));

        assertThat(List.of(first, second, third, fourth))
                .extracting(page -> page.get("items").size())
                .containsExactly(5, 5, 5, 2);
        assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(12);
        assertThat(fourth.get("metadata").has("remainingItemCount")).isFalse();
        assertThat(fourth.get("metadata").has("continue")).isFalse();
        assertThat(second.at("/metadata/resourceVersion")).isEqualTo(first.at("/metadata/resourceVersion"));
    }

    @Test
    void countsTheRemainderOnlyWithoutSelectors() throws Exception {
        JsonNode page = json(get("/api/v1/pods?limit=5&fieldSelector=spec.nodeName!%3Dx"));

        assertThat(page.get("metadata").has("remainingItemCount")).isFalse();
        assertThat(page.get("metadata").has("continue")).isTrue();
    }

    @Test
    void ignoresTheLimitAtResourceVersionZero() throws Exception {
        assertThat(json(get("/api/v1/pods?limit=5&resourceVersion=0")).get("items"))
                .hasSize(17);
    }

    @Test
    void servesMetadataOnlyWhenAsked() throws Exception {
        JsonNode full = json(get("/api/v1/pods?limit=1"));
        JsonNode partial = json(get(
                "/api/v1/pods?limit=1", "Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"));

        assertThat(full.get("kind").asString()).isEqualTo("PodList");
        assertThat(full.at("/items/0").has("spec")).isTrue();
        assertThat(partial.get("kind").asString()).isEqualTo("PartialObjectMetadataList");
        assertThat(partial.at("/items/0").has("spec")).isFalse();
    }

    @Test
    void compressesWhatIsLargeWhenAskedAndCounts() throws Exception {
        HttpResponse<byte[]> answer = get("/api/v1/pods", "Accept-Encoding", "gzip");

        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        byte[] decoded = gunzip(answer.body());
        assertThat(json(decoded).get("items")).hasSize(17);
        assertThat(api.bytesWire()).isEqualTo(answer.body().length);
        assertThat(api.bytesDecoded()).isEqualTo(decoded.length);
    }

    @Test
    void expiresTokensWithAWayOn() throws Exception {
        String token =
                json(get("/api/v1/pods?limit=5")).at("/metadata/continue").asString();
        api.expireTokens("/api/v1/pods", 1);

        HttpResponse<byte[]> gone = get("/api/v1/pods?limit=5&continue=" + token);
        String newer = json(gone).at("/metadata/continue").asString();

        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(json(get("/api/v1/pods?limit=5&continue=" + newer)).get("items"))
                .hasSize(5);
    }

    @Test
    void wantsItsTokenAndOnlyReads() throws Exception {
        api.requireToken("abc");

        assertThat(get("/version").statusCode()).isEqualTo(401);
        assertThat(get("/version", "Authorization", "Bearer abc").statusCode()).isEqualTo(200);
        HttpRequest delete = HttpRequest.newBuilder(URI.create(api.url() + "/api/v1/pods"))
                .header("Authorization", "Bearer abc")
                .DELETE()
                .build();
        assertThat(client.send(delete, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
        assertThat(api.requests())
                .extracting(FakeKubernetesApi.Request::method)
                .containsExactly("GET", "GET", "DELETE");
    }

    @Test
    void knowsWhatItDoesNotServe() throws Exception {
        assertThat(get("/apis/batch/v2/jobs").statusCode()).isEqualTo(404);
        assertThat(json(get("/api/v1/namespaces/kube-system"))
                        .at("/metadata/uid")
                        .asString())
                .isEqualTo(FakeCluster.UID);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.url() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return json(answer.body());
    }

    private static JsonNode json(byte[] body) {
        return JsonMapper.shared().readTree(new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] gunzip(byte[] body) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }
}
