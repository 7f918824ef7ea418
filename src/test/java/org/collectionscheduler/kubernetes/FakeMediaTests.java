package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** An answer comes in the first form that the client accepts and the server has. */
class FakeMediaTests {

    private static final String PARTIAL_OBJECT = FakeReader.PARTIAL_LIST.replace("List", "");

    private final FakeCluster cluster = FakeCluster.of(4, 10, 3);
    private final FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
    private final FakeReader reader = new FakeReader(api);

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | PodList",
                "*/* | PodList",
                "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1 | PartialObjectMetadataList",
                "application/json;v=v1;g=meta.k8s.io;as=Table | Table",
                "application/json; as=Table; g=meta.k8s.io; v=v1 | Table",
                "application/json;as=Table;g=meta.k8s.io;v=v1,application/json | Table",
                "application/json,application/json;as=Table;g=meta.k8s.io;v=v1 | PodList",
                "application/json;q=0.5,application/json;as=Table;g=meta.k8s.io;v=v1 | Table",
                "application/json;as=Table;g=meta.k8s.io;v=v2,application/json | PodList",
                "application/json;as=Table,application/json | PodList",
                "application/json;as=Chart;g=meta.k8s.io;v=v1,*/* | PodList",
                "application/vnd.kubernetes.protobuf,application/json | PodList"
            })
    void theFirstAcceptableFormWins(String accept, String kind) throws Exception {
        assertThat(reader.json("/api/v1/pods", "Accept", accept).get("kind").asString())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/pods | text/html",
                "/api/v1/pods | application/vnd.kubernetes.protobuf",
                "/api/v1/pods | application/json;as=Table;g=meta.k8s.io;v=v2",
                "/api/v1/pods | application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
                "/api/v1/namespaces/kube-system | application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
            })
    void nothingElseIsAcceptable(String path, String accept) throws Exception {
        JsonNode refusal = reader.json(path, "Accept", accept);

        assertThat(refusal.get("code").asInt()).isEqualTo(406);
        assertThat(refusal.get("reason").asString()).isEqualTo("NotAcceptable");
    }

    @Test
    void withoutTablesTheNextFormIsServed() throws Exception {
        try (FakeKubernetesApi plain = FakeKubernetesApi.start(cluster.withoutTables())) {
            FakeReader other = new FakeReader(plain);

            assertThat(other.json("/api/v1/pods", "Accept", FakeReader.TABLE + ",application/json")
                            .get("kind")
                            .asString())
                    .isEqualTo("PodList");
            assertThat(other.status("/api/v1/pods", "Accept", FakeReader.TABLE)).isEqualTo(406);
        }
    }

    @ParameterizedTest
    @EnumSource(FakeKind.class)
    void metadataIsThatOfTheWholeObject(FakeKind kind) throws Exception {
        JsonNode whole = reader.json(kind.path());
        JsonNode partial = reader.json(kind.path(), "Accept", FakeReader.PARTIAL_LIST);

        assertThat(partial.get("kind").asString()).isEqualTo("PartialObjectMetadataList");
        assertThat(partial.get("apiVersion").asString()).isEqualTo("meta.k8s.io/v1");
        assertThat(partial.get("items")).hasSize(cluster.count(kind));
        for (int i = 0; i < cluster.count(kind); i++) {
            JsonNode item = partial.get("items").get(i);
            assertThat(item.propertyNames()).containsExactly("kind", "apiVersion", "metadata");
            assertThat(item.get("kind").asString()).isEqualTo("PartialObjectMetadata");
            assertThat(item.get("metadata")).isEqualTo(whole.get("items").get(i).get("metadata"));
        }
    }

    @Test
    void aSingleObjectHasThoseFormsToo() throws Exception {
        String path = "/api/v1/namespaces/kube-system";

        assertThat(reader.json(path, "Accept", PARTIAL_OBJECT).propertyNames())
                .containsExactly("kind", "apiVersion", "metadata");
        assertThat(reader.json(path, "Accept", FakeReader.TABLE)
                        .at("/rows/0/cells/0")
                        .asString())
                .isEqualTo("kube-system");
    }

    @ParameterizedTest
    @EnumSource(FakeKind.class)
    void aTableHasARowForEachObject(FakeKind kind) throws Exception {
        JsonNode list = reader.json(kind.path());
        JsonNode table = reader.json(kind.path(), "Accept", FakeReader.TABLE);

        assertThat(table.get("apiVersion").asString()).isEqualTo("meta.k8s.io/v1");
        assertThat(table.get("columnDefinitions"))
                .allSatisfy(column -> assertThat(column.propertyNames())
                        .containsExactly("name", "type", "format", "description", "priority"));
        assertThat(table.at("/columnDefinitions/0/format").asString()).isEqualTo("name");
        assertThat(table.get("rows")).hasSize(cluster.count(kind));
        for (int i = 0; i < cluster.count(kind); i++) {
            JsonNode row = table.get("rows").get(i);
            JsonNode item = list.get("items").get(i);
            assertThat(row.get("cells")).hasSize(table.get("columnDefinitions").size());
            assertThat(row.at("/cells/0").asString()).isEqualTo(FakeReader.name(item));
            assertThat(row.at("/object/metadata")).isEqualTo(item.get("metadata"));
            assertThat(row.at("/object/kind").asString()).isEqualTo("PartialObjectMetadata");
        }
    }

    @Test
    void aTableIsPagedLikeAList() throws Exception {
        List<JsonNode> pages = reader.pages("/api/v1/pods?limit=4&includeObject=None", "Accept", FakeReader.TABLE);

        assertThat(pages).extracting(page -> page.get("rows").size()).containsExactly(4, 4, 2);
        assertThat(pages.get(0).at("/metadata/remainingItemCount").asInt()).isEqualTo(6);
        assertThat(pages).extracting(FakeReader::version).containsOnly(FakeReader.version(pages.get(0)));
    }

    @Test
    void columnsAreThoseOfTheRealServer() throws Exception {
        assertThat(columns("/api/v1/pods"))
                .containsExactly(
                        "Name 0",
                        "Ready 0",
                        "Status 0",
                        "Restarts 0",
                        "Age 0",
                        "IP 1",
                        "Node 1",
                        "Nominated Node 1",
                        "Readiness Gates 1");
        assertThat(columns("/api/v1/services"))
                .containsExactly(
                        "Name 0", "Type 0", "Cluster-IP 0", "External-IP 0", "Port(s) 0", "Age 0", "Selector 1");
        assertThat(columns("/api/v1/namespaces")).containsExactly("Name 0", "Status 0", "Age 0");
        assertThat(columns("/api/v1/nodes"))
                .containsExactly(
                        "Name 0",
                        "Status 0",
                        "Roles 0",
                        "Age 0",
                        "Version 0",
                        "Internal-IP 1",
                        "External-IP 1",
                        "OS-Image 1",
                        "Kernel-Version 1",
                        "Container-Runtime 1");
    }

    @Test
    void theObjectBesideARowIsAsAskedFor() throws Exception {
        JsonNode none = reader.json("/api/v1/pods?includeObject=None", "Accept", FakeReader.TABLE);
        JsonNode whole = reader.json("/api/v1/pods?includeObject=Object", "Accept", FakeReader.TABLE);

        assertThat(none.get("rows"))
                .allSatisfy(row -> assertThat(row.get("object").isNull()).isTrue());
        assertThat(whole.at("/rows/0/object/kind").asString()).isEqualTo("Pod");
        assertThat(whole.at("/rows/0/object").has("spec")).isTrue();
        assertThat(reader.status("/api/v1/pods?includeObject=All", "Accept", FakeReader.TABLE))
                .isEqualTo(400);
    }

    @Test
    void cellsSayWhatObjectsSay() throws Exception {
        JsonNode services = reader.json("/api/v1/services?includeObject=Object", "Accept", FakeReader.TABLE);
        Map<String, Long> byType = new TreeMap<>();
        for (JsonNode row : services.get("rows")) {
            String type = row.at("/cells/1").asString();
            byType.merge(type, 1L, Long::sum);
            assertThat(type).isEqualTo(row.at("/object/spec/type").asString());
            assertThat(row.at("/cells/2").asString())
                    .isEqualTo(row.at("/object/spec/clusterIP").asString("<none>"));
        }
        JsonNode namespaces = reader.json("/api/v1/namespaces?includeObject=Object", "Accept", FakeReader.TABLE);

        assertThat(byType).isEqualTo(cluster.servicesByType());
        assertThat(services.get("rows")
                        .valueStream()
                        .filter(row -> row.at("/cells/2").asString().equals("None")))
                .hasSize((int) cluster.headlessServices());
        assertThat(namespaces.get("rows"))
                .allSatisfy(row -> assertThat(row.at("/cells/1")).isEqualTo(row.at("/object/status/phase")));
    }

    private List<String> columns(String path) throws Exception {
        return reader.json(path, "Accept", FakeReader.TABLE)
                .get("columnDefinitions")
                .valueStream()
                .map(column -> column.get("name").asString() + " " + column.get("priority"))
                .toList();
    }
}
