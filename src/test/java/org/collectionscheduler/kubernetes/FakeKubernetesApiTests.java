package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The fake keeps the contract of the real server, as far as a client can tell. */
class FakeKubernetesApiTests {

    private final FakeCluster cluster = FakeCluster.of(9, 170, 2);
    private final FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
    private final FakeReader reader = new FakeReader(api);

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void pagesUntilTheLast() throws Exception {
        List<JsonNode> pages = reader.pages("/api/v1/pods?limit=50");

        assertThat(pages).extracting(page -> page.get("items").size()).containsExactly(50, 50, 50, 20);
        assertThat(pages)
                .extracting(page -> page.at("/metadata/remainingItemCount").asInt(-1))
                .containsExactly(120, 70, 20, -1);
        assertThat(pages).extracting(FakeReader::version).containsOnly(FakeReader.version(pages.get(0)));
    }

    @ParameterizedTest
    @EnumSource(FakeKind.class)
    void servesEachKindInTheOrderOfKeys(FakeKind kind) throws Exception {
        List<JsonNode> items = reader.items(kind.path() + "?limit=4");
        List<String> keys = items.stream()
                .map(item -> FakeReader.namespace(item) + "/" + FakeReader.name(item))
                .toList();

        assertThat(keys).hasSize(cluster.count(kind)).isSorted().doesNotHaveDuplicates();
        assertThat(items).allSatisfy(item -> assertThat(item.has("kind")).isFalse());
    }

    @ParameterizedTest
    @EnumSource(FakeKind.class)
    void servesEachObjectByItself(FakeKind kind) throws Exception {
        JsonNode item = reader.json(kind.path() + "?limit=1").at("/items/0");
        String namespace = kind.namespaced() ? "/namespaces/" + FakeReader.namespace(item) : "";
        String path = kind.root() + namespace + "/" + kind.plural() + "/";

        JsonNode object = reader.json(path + FakeReader.name(item));

        assertThat(object.get("metadata")).isEqualTo(item.get("metadata"));
        assertThat(object.get("kind").asString()).isEqualTo(kind.kind());
        assertThat(object.get("apiVersion").asString()).isEqualTo(kind.apiVersion());
        assertThat(reader.json(path + "nobody").get("reason").asString()).isEqualTo("NotFound");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pods", "services", "deployments", "jobs", "ingresses"})
    void namespacesTogetherHoldWhatTheClusterHolds(String resource) throws Exception {
        FakeKind kind = Objects.requireNonNull(FakeKind.ofPlural(resource));
        List<JsonNode> inNamespaces = new ArrayList<>();
        Map<String, Long> sizes = new TreeMap<>();
        for (int i = 0; i < cluster.namespaces(); i++) {
            String namespace = cluster.namespaceName(i);
            List<JsonNode> items = reader.items(kind.root() + "/namespaces/" + namespace + "/" + resource + "?limit=7");
            assertThat(items)
                    .allSatisfy(item -> assertThat(FakeReader.namespace(item)).isEqualTo(namespace));
            inNamespaces.addAll(items);
            if (!items.isEmpty()) {
                sizes.put(namespace, (long) items.size());
            }
        }

        assertThat(inNamespaces).isEqualTo(reader.items(kind.path() + "?limit=500"));
        assertThat(sizes).isEqualTo(cluster.byNamespace(resource));
    }

    @Test
    void namespacesDifferInSizeAndSomeAreEmpty() {
        FakeCluster large = FakeCluster.of(10_000, 150_000, 1);
        Map<String, Long> truth = large.podsByNamespace();

        assertThat(truth.size()).isBetween(5_000, 9_500);
        assertThat(truth.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(150_000);
        assertThat(truth.values()).contains(1L).anyMatch(size -> size > 100);
    }

    @Test
    void aNamespaceThatDoesNotExistIsEmpty() throws Exception {
        HttpResponse<byte[]> answer = reader.get("/api/v1/namespaces/nowhere/pods");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(FakeReader.json(answer.body()).get("items")).isEmpty();
    }

    @Test
    void countsTheRemainderOnlyWithoutSelectors() throws Exception {
        JsonNode page = reader.json("/api/v1/pods?limit=5&fieldSelector=spec.nodeName!%3Dx");

        assertThat(page.get("metadata").has("remainingItemCount")).isFalse();
        assertThat(page.get("metadata").has("continue")).isTrue();
    }

    @Test
    void doesNotCountTheRemainderWhereTheClusterDoesNot() throws Exception {
        try (FakeKubernetesApi silent = FakeKubernetesApi.start(cluster.withoutRemainingItemCount())) {
            List<JsonNode> pages = new FakeReader(silent).pages("/api/v1/pods?limit=50");

            assertThat(pages)
                    .hasSize(4)
                    .allSatisfy(page -> assertThat(page.get("metadata").has("remainingItemCount"))
                            .isFalse());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "services, spec.type%3DNodePort, 5",
        "services, spec.type%3D%3DNodePort, 5",
        "services, spec.type!%3DNodePort, 18",
        "services, spec.clusterIP%3DNone, 4",
        "services, 'spec.clusterIP%3DNone,spec.type%3DClusterIP', 4",
        "services, 'spec.clusterIP!%3DNone,spec.type%3DClusterIP', 5",
        "namespaces, metadata.name%3Dkube-system, 1",
        "namespaces, metadata.name!%3Dkube-system, 8",
        "pods, spec.nodeName%3Dnowhere, 0",
        "pods, metadata.namespace!%3Dnowhere, 170"
    })
    void selectsByField(String resource, String selector, int count) throws Exception {
        assertThat(reader.items("/api/v1/" + resource + "?limit=3&fieldSelector=" + selector))
                .hasSize(count);
    }

    @Test
    void aSelectionOfOneNamespaceIsItsList() throws Exception {
        String namespace = cluster.podsByNamespace().keySet().iterator().next();

        assertThat(reader.items("/api/v1/pods?limit=500&fieldSelector=metadata.namespace%3D" + namespace))
                .isEqualTo(reader.items("/api/v1/namespaces/" + namespace + "/pods?limit=500"));
    }

    @Test
    void refusesSelectorsThatItDoesNotKnow() throws Exception {
        JsonNode refusal = reader.json("/api/v1/pods?fieldSelector=spec.type%3DNodePort");

        assertThat(refusal.get("code").asInt()).isEqualTo(400);
        assertThat(refusal.get("message").asString()).contains("field label not supported: spec.type");
        assertThat(reader.status("/api/v1/pods?fieldSelector=nonsense")).isEqualTo(400);
        assertThat(reader.status("/api/v1/pods?labelSelector=a%3Db")).isEqualTo(400);
    }

    @Test
    void compressesOnlyWhatIsLargeAndCounts() throws Exception {
        HttpResponse<byte[]> small = reader.get("/api/v1/pods?limit=10", "Accept-Encoding", "gzip");
        HttpResponse<byte[]> plain = reader.get("/api/v1/pods");
        long before = api.bytesWire();
        HttpResponse<byte[]> large = reader.get("/api/v1/pods", "Accept-Encoding", "gzip");

        assertThat(small.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(small.body()).hasSizeBetween(60_000, 128 * 1024);
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(large.headers().firstValue("Content-Encoding")).contains("gzip");
        byte[] decoded = FakeReader.gunzip(large.body());
        assertThat(FakeReader.json(decoded).get("items")).hasSize(170);
        assertThat(decoded).hasSameSizeAs(plain.body());
        assertThat(before).isEqualTo(small.body().length + plain.body().length);
        assertThat(api.bytesWire()).isEqualTo(before + large.body().length);
        assertThat(api.bytesDecoded()).isEqualTo(before + decoded.length);
    }

    @Test
    void expiresTokensWithAWayOn() throws Exception {
        JsonNode first = reader.json("/api/v1/pods?limit=5");
        api.expireTokens("/api/v1/pods", 1);

        JsonNode gone = reader.json("/api/v1/pods?limit=5&continue=" + FakeReader.token(first));
        JsonNode next = reader.json("/api/v1/pods?limit=5&continue=" + FakeReader.token(gone));

        assertThat(gone.get("code").asInt()).isEqualTo(410);
        assertThat(gone.get("reason").asString()).isEqualTo("Expired");
        assertThat(FakeReader.version(next)).isGreaterThan(FakeReader.version(first));
        assertThat(next.get("items"))
                .isEqualTo(reader.json("/api/v1/pods?limit=5&continue=" + FakeReader.token(first))
                        .get("items"));
        assertThat(reader.status("/api/v1/pods?limit=5&continue=nonsense")).isEqualTo(400);
    }

    @Test
    void wantsItsTokenAndOnlyReads() throws Exception {
        api.requireToken("abc");

        assertThat(reader.status("/version")).isEqualTo(401);
        assertThat(reader.status("/version", "Authorization", "Bearer abc")).isEqualTo(200);
        assertThat(reader.send("DELETE", "/api/v1/pods", "Authorization", "Bearer abc")
                        .statusCode())
                .isEqualTo(405);
        assertThat(api.requests())
                .extracting(FakeKubernetesApi.Request::method)
                .containsExactly("GET", "GET", "DELETE");
    }

    @Test
    void wantsAnotherTokenAfterSomeRequests() throws Exception {
        api.requireToken("old");
        api.rotateTokenAfter(2, "new");

        assertThat(reader.status("/version", "Authorization", "Bearer old")).isEqualTo(200);
        assertThat(reader.status("/version", "Authorization", "Bearer old")).isEqualTo(200);
        assertThat(reader.status("/version", "Authorization", "Bearer old")).isEqualTo(401);
        assertThat(reader.status("/version", "Authorization", "Bearer new")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/apis/batch/v2/jobs",
                "/apis/nothing.example.com/v1/things",
                "/api/v1/things",
                "/api/v1/namespaces/kube-system/nodes",
                "/api/v1/namespaces/kube-system/pods/a/b",
                "/apis/networking.k8s.io/v1/ingresses",
                "/apis/networking.k8s.io/v1",
                "/apis/networking.k8s.io"
            })
    void knowsWhatItDoesNotServe(String path) throws Exception {
        try (FakeKubernetesApi less = FakeKubernetesApi.start(cluster.without("ingresses"))) {
            HttpResponse<byte[]> answer = new FakeReader(less).get(path);

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
            assertThat(answer.body()).asString().isEqualTo("404 page not found\n");
        }
    }

    @Test
    void isRecognizedByKubeSystem() throws Exception {
        assertThat(reader.json("/api/v1/namespaces/kube-system")
                        .at("/metadata/uid")
                        .asString())
                .isEqualTo(FakeCluster.UID);
    }

    @Test
    void tellsOtherProcessesWhatItSent() throws Exception {
        api.stopRecording();
        int body = reader.get("/version").body().length;

        JsonNode stats = reader.json("/fake/stats");
        JsonNode reset = FakeReader.json(reader.send("POST", "/fake/reset").body());

        assertThat(stats.toString())
                .isEqualTo("{\"requests\":1,\"bytesWire\":" + body + ",\"bytesDecoded\":" + body + "}");
        assertThat(reset.toString()).isEqualTo("{\"requests\":0,\"bytesWire\":0,\"bytesDecoded\":0}");
        assertThat(reader.json("/fake/stats")).isEqualTo(reset);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void servesManyAtATime() throws Exception {
        api.delay(Duration.ofMillis(500));
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        long started = System.nanoTime();
        for (int i = 0; i < 12; i++) {
            answers.add(reader.later("/api/v1/namespaces/kube-system/pods"));
        }

        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(200));
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(5_500));
        assertThat(api.connections()).isGreaterThan(4);
    }

    @Test
    void answersLateWhenTold() throws Exception {
        api.delay(Duration.ofMillis(150));
        long started = System.nanoTime();

        reader.get("/version");

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }
}
