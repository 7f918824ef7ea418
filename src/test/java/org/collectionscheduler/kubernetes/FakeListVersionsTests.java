package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Which state a list shows is what its options ask for, as the real server understands them. */
class FakeListVersionsTests {

    private static final String PODS = "/api/v1/pods?";

    private final FakeKubernetesApi api =
            FakeKubernetesApi.start(FakeCluster.of(5, 60, 2).withChurn(40, 30));
    private final FakeReader reader = new FakeReader(api);

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void everyRequestFindsANewerState() throws Exception {
        long before = api.resourceVersion();

        long list = FakeReader.version(reader.json(PODS));
        reader.get("/api/v1/namespaces/kube-system");

        assertThat(list).isEqualTo(before + 1);
        assertThat(api.resourceVersion()).isEqualTo(before + 2);
    }

    @Test
    void ignoresTheLimitAtVersionZero() throws Exception {
        JsonNode page = reader.json(PODS + "limit=5&resourceVersion=0");

        assertThat(page.get("items").size()).isGreaterThan(5);
        assertThat(page.get("metadata").has("continue")).isFalse();
        assertThat(reader.json(PODS + "limit=5&resourceVersion=0&resourceVersionMatch=NotOlderThan")
                        .get("items")
                        .size())
                .isGreaterThan(5);
    }

    @Test
    void servesExactlyTheStateOfAVersion() throws Exception {
        JsonNode then = reader.json(PODS);
        String exact = "resourceVersion=" + FakeReader.version(then) + "&resourceVersionMatch=Exact";
        passTime(30);

        JsonNode first = reader.json(PODS + "limit=7&" + exact);
        JsonNode second = reader.json(PODS + "limit=7&continue=" + FakeReader.token(first));

        assertThat(reader.json(PODS).equals(then)).isFalse();
        assertThat(reader.json(PODS + exact)).isEqualTo(then);
        assertThat(first.at("/metadata/remainingItemCount").asInt())
                .isEqualTo(then.get("items").size() - 7);
        assertThat(second.at("/items/6")).isEqualTo(then.at("/items/13"));
    }

    @Test
    void aVersionIsExactWithALimitAndTheOldestWithoutOne() throws Exception {
        JsonNode then = reader.json(PODS);
        long version = FakeReader.version(then);
        passTime(10);

        assertThat(FakeReader.version(reader.json(PODS + "limit=5&resourceVersion=" + version)))
                .isEqualTo(version);
        assertThat(FakeReader.version(reader.json(PODS + "resourceVersion=" + version)))
                .isEqualTo(api.resourceVersion());
        assertThat(FakeReader.version(
                        reader.json(PODS + "limit=5&resourceVersionMatch=NotOlderThan&resourceVersion=" + version)))
                .isEqualTo(api.resourceVersion());
    }

    @Test
    void forgetsOldVersionsOnCommand() throws Exception {
        JsonNode first = reader.json(PODS + "limit=5");
        String next = PODS + "limit=5&continue=";
        assertThat(reader.status(next + FakeReader.token(first))).isEqualTo(200);
        api.compact();

        JsonNode expired = reader.json(next + FakeReader.token(first));

        assertThat(expired.get("code").asInt()).isEqualTo(410);
        assertThat(reader.status(next + FakeReader.token(expired))).isEqualTo(200);
        assertThat(reader.json(PODS + "resourceVersionMatch=Exact&resourceVersion=" + FakeReader.version(first))
                        .get("reason")
                        .asString())
                .isEqualTo("Expired");
    }

    @Test
    void forgetsOldVersionsAsTimePasses() throws Exception {
        api.keepVersions(5);
        JsonNode first = reader.json(PODS + "limit=5");
        String next = PODS + "limit=5&continue=" + FakeReader.token(first);

        assertThat(reader.status(next)).isEqualTo(200);
        passTime(5);
        assertThat(reader.status(next)).isEqualTo(410);
    }

    @ParameterizedTest
    @CsvSource({
        "resourceVersionMatch=Exact, 422",
        "resourceVersionMatch=Exact&resourceVersion=0, 422",
        "resourceVersionMatch=Nearly&resourceVersion=1001, 422",
        "resourceVersionMatch=Exact&resourceVersion=1, 410",
        "resourceVersionMatch=Exact&resourceVersion=9999, 504",
        "resourceVersion=9999, 504",
        "resourceVersion=x, 400",
        "resourceVersion=-1, 400",
        "limit=x, 400"
    })
    void refusesWhatTheRealServerRefuses(String query, int status) throws Exception {
        assertThat(reader.status(PODS + query)).isEqualTo(status);
    }

    @Test
    void refusesAVersionBesideAToken() throws Exception {
        JsonNode first = reader.json(PODS + "limit=5");
        String next = PODS + "limit=5&continue=" + FakeReader.token(first) + "&resourceVersion=";

        assertThat(reader.status(next + FakeReader.version(first))).isEqualTo(400);
        assertThat(reader.status(next + FakeReader.version(first) + "&resourceVersionMatch=Exact"))
                .isEqualTo(422);
        assertThat(reader.status(next + "0")).isEqualTo(200);
    }

    private void passTime(int versions) throws Exception {
        for (int i = 0; i < versions; i++) {
            reader.get("/api/v1/namespaces/kube-system");
        }
    }
}
