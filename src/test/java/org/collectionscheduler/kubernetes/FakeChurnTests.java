package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Objects come and go while pages are read, and the truth about each version is known. */
class FakeChurnTests {

    private final FakeCluster cluster =
            FakeCluster.of(12, 400, 5).with("services", 60).withChurn(35, 60);
    private final FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
    private final FakeReader reader = new FakeReader(api);

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pods", "services", "namespaces", "nodes"})
    void everyListIsTheTruthOfItsVersion(String resource) throws Exception {
        for (int i = 0; i < 70; i++) {
            JsonNode list = reader.json("/api/v1/" + resource);

            assertThat(list.get("items")).hasSize((int) cluster.truth(resource).at(FakeReader.version(list)));
        }
    }

    @Test
    void somethingComesAndSomethingGoes() throws Exception {
        List<JsonNode> before = reader.items("/api/v1/pods?limit=500");
        for (int i = 0; i < 30; i++) {
            reader.get("/api/v1/pods?limit=1");
        }
        List<JsonNode> after = reader.items("/api/v1/pods?limit=500");

        assertThat(after).isNotEmpty().anyMatch(pod -> !before.contains(pod));
        assertThat(before).isNotEmpty().anyMatch(pod -> !after.contains(pod));
    }

    @Test
    void pagesOfOneTokenShowOneState() throws Exception {
        List<JsonNode> pages = reader.pages("/api/v1/pods?limit=9");
        List<JsonNode> items =
                pages.stream().flatMap(page -> page.get("items").valueStream()).toList();
        long version = FakeReader.version(pages.get(0));

        assertThat(pages.size()).isGreaterThan(10);
        assertThat(pages).extracting(FakeReader::version).containsOnly(version);
        assertThat(byNamespace(items)).isEqualTo(cluster.truth("pods").byNamespace(version));
        assertThat(pages.get(0).at("/metadata/remainingItemCount").asLong())
                .isEqualTo(cluster.truth("pods").at(version) - 9);
        assertThat(reader.json("/api/v1/pods?resourceVersionMatch=Exact&resourceVersion=" + version)
                        .get("items"))
                .hasSize(items.size());
    }

    @Test
    void anExpiredTokenGoesOnAtTheNewestState() throws Exception {
        JsonNode first = reader.json("/api/v1/pods?limit=100");
        for (int i = 0; i < 40; i++) {
            reader.get("/api/v1/pods?limit=1");
        }
        api.compact();
        JsonNode expired = reader.json("/api/v1/pods?limit=100&continue=" + FakeReader.token(first));

        JsonNode rest = reader.json("/api/v1/pods?limit=500&continue=" + FakeReader.token(expired));

        String last = key(first.get("items").get(99));
        List<String> newest = reader.items("/api/v1/pods?limit=500").stream()
                .map(FakeChurnTests::key)
                .filter(key -> key.compareTo(last) > 0)
                .toList();
        assertThat(FakeReader.version(rest)).isGreaterThan(FakeReader.version(first));
        assertThat(rest.get("items").valueStream().map(FakeChurnTests::key)).isEqualTo(newest);
    }

    @Test
    void whatIsInANamespaceIsThereOnlyWhileThatIs() throws Exception {
        for (int i = 0; i < 70; i++) {
            String exact = "?resourceVersionMatch=Exact&resourceVersion=" + api.resourceVersion();
            List<String> namespaces = reader.json("/api/v1/namespaces" + exact)
                    .get("items")
                    .valueStream()
                    .map(FakeReader::name)
                    .toList();

            assertThat(namespaces).contains("kube-system");
            assertThat(reader.json("/api/v1/pods" + exact).get("items"))
                    .allSatisfy(pod -> assertThat(namespaces).contains(FakeReader.namespace(pod)));
        }
    }

    @Test
    void theTruthOfSeveralVersionsIsTheLeastAndTheMost() {
        FakeTruth pods = cluster.truth("pods");
        List<FakeTruth> truths = List.of(
                pods,
                pods.inNamespace("kube-system"),
                cluster.truth("services").ofType("NodePort"),
                cluster.truth("services").headless(),
                cluster.truth("namespaces").inPhase("Terminating"));

        assertThat(truths).allSatisfy(truth -> {
            long least = Long.MAX_VALUE;
            long most = 0;
            for (long version = 1010; version <= 1040; version++) {
                least = Math.min(least, truth.at(version));
                most = Math.max(most, truth.at(version));
            }
            assertThat(truth.minimum(1010, 1040)).isEqualTo(least);
            assertThat(truth.maximum(1010, 1040)).isEqualTo(most);
            assertThat(truth.minimum(1020, 1020)).isEqualTo(truth.at(1020)).isEqualTo(truth.maximum(1020, 1020));
        });
        assertThat(pods.minimum(1000, 1100)).isLessThan(pods.maximum(1000, 1100));
    }

    @Test
    void withoutChurnEveryVersionIsTheSame() {
        FakeCluster calm = FakeCluster.of(12, 400, 5);

        assertThat(calm.truth("pods").minimum(1000, 2000)).isEqualTo(400);
        assertThat(calm.truth("pods").maximum(1000, 2000)).isEqualTo(400);
        assertThat(calm.truth("pods").byNamespace(1500)).isEqualTo(calm.podsByNamespace());
        assertThat(calm.truth("services").ofType("ClusterIP").at(1))
                .isEqualTo(calm.servicesByType().get("ClusterIP"));
        assertThat(calm.truth("services").headless().at(1)).isEqualTo(calm.headlessServices());
        assertThat(calm.truth("namespaces").inPhase("Terminating").at(1)).isEqualTo(calm.terminatingNamespaces());
    }

    private static String key(JsonNode object) {
        return FakeReader.namespace(object) + "/" + FakeReader.name(object);
    }

    private static Map<String, Long> byNamespace(List<JsonNode> items) {
        return items.stream()
                .collect(Collectors.groupingBy(FakeReader::namespace, TreeMap::new, Collectors.counting()));
    }
}
