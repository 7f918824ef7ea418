package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The fake fails in the ways in which servers and what is before them fail, and only where it is told to. */
class FakeMisbehaviourTests {

    private static final String PODS = "/api/v1/pods";

    private final FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 30, 2));
    private final FakeReader reader = new FakeReader(api);

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/pods, /api/v1/pods, 500",
        "/api/v1/pods, /api/v1/namespaces/kube-system/pods, 200",
        "*, /version, 500",
        "/api/v1/namespaces/*/pods, /api/v1/namespaces/kube-system/pods, 500",
        "/api/v1/namespaces/*/pods, /api/v1/namespaces/kube-system/services, 200",
        "/api/v1/namespaces/*/pods, /api/v1/pods, 200",
        "/api/v1/**, /api/v1/namespaces/kube-system/services, 500",
        "/api/v1/**, /apis/apps/v1/deployments, 200",
        "/apis/apps/v1/**, /apis/apps/v1/deployments, 500"
    })
    void misbehavesAtThePathsThatAreMeant(String ordered, String path, int status) throws Exception {
        api.misbehave(ordered, Misbehaviour.status(500));

        assertThat(reader.status(path)).isEqualTo(status);
    }

    @Test
    void theMostExactOrderCountsAndEndsByItself() throws Exception {
        api.misbehave("*", Misbehaviour.status(500));
        api.misbehave("/api/v1/namespaces/*/pods", Misbehaviour.status(503), 1);

        assertThat(reader.status("/api/v1/namespaces/a/pods")).isEqualTo(503);
        assertThat(reader.status("/api/v1/namespaces/a/pods")).isEqualTo(200);
        assertThat(reader.status(PODS)).isEqualTo(500);
    }

    @Test
    void tokensOfManyPathsExpire() throws Exception {
        String path = "/api/v1/namespaces/kube-system/pods?limit=1";
        api.expireTokens("/api/v1/namespaces/*/pods", 1);
        String token = FakeReader.token(reader.json(path));

        assertThat(reader.status(path + "&continue=" + token)).isEqualTo(410);
        assertThat(reader.status(path + "&continue=" + token)).isEqualTo(200);
    }

    @Test
    void oneObjectIsGiant() throws Exception {
        api.misbehave(PODS, Misbehaviour.giant(3_000_000));

        JsonNode page = reader.json(PODS + "?limit=5");

        assertThat(page.get("items")).hasSize(5);
        assertThat(page.at("/items/0/metadata/annotations/" + FakeCluster.MARK).asString())
                .hasSize(3_000_000);
        assertThat(page.at("/items/1/metadata/annotations").has(FakeCluster.MARK))
                .isFalse();
        assertThat(reader.json(PODS + "?limit=5&includeObject=None", "Accept", FakeReader.TABLE)
                        .get("rows"))
                .hasSize(5);
        assertThat(reader.json(PODS + "?limit=5", "Accept", FakeReader.PARTIAL_LIST)
                        .at("/items/0/metadata/annotations/" + FakeCluster.MARK)
                        .asString())
                .hasSize(3_000_000);
    }

    @Test
    void oneObjectIsDeep() throws Exception {
        api.misbehave(PODS, Misbehaviour.deep(10_000));

        String page = new String(reader.get(PODS + "?limit=5").body(), StandardCharsets.UTF_8);

        assertThat(page).contains("\"metadata\":{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + ",\"name\":");
        assertThat(FakeReader.json(page.replaceAll("\"x\":\\[+]+,", "").getBytes(StandardCharsets.UTF_8))
                        .get("items"))
                .hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "9223372036854775807", "\"many\""})
    void theRemainderIsWrong(String remaining) throws Exception {
        api.misbehave(PODS, Misbehaviour.remainingItemCount(remaining));

        List<JsonNode> pages = reader.pages(PODS + "?limit=10");

        assertThat(pages)
                .hasSize(3)
                .allSatisfy(page -> assertThat(
                                page.at("/metadata/remainingItemCount").toString())
                        .isEqualTo(remaining));
    }

    @Test
    void theEndOfWhatIsCompressedIsMissing() throws Exception {
        api.misbehave(PODS, Misbehaviour.truncatedGzip());

        HttpResponse<byte[]> answer = reader.get(PODS + "?limit=5", "Accept-Encoding", "gzip");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThatThrownBy(() -> FakeReader.gunzip(answer.body())).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 7})
    void theClockIsWrong(int hours) throws Exception {
        api.misbehave(PODS, Misbehaviour.clockSkew(429, Duration.ofHours(hours), Duration.ofSeconds(30)));

        HttpResponse<byte[]> answer = reader.get(PODS);

        Instant date = date(answer, "Date");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(Duration.between(Instant.now(), date))
                .isBetween(
                        Duration.ofHours(hours).minusMinutes(1),
                        Duration.ofHours(hours).plusMinutes(1));
        assertThat(date(answer, "Retry-After")).isEqualTo(date.plusSeconds(30));
    }

    @Test
    void theClockIsRightOtherwise() throws Exception {
        assertThat(date(reader.get(PODS), "Date"))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    @Test
    void whatIsCutOffIsNotWhole() {
        api.misbehave(PODS, Misbehaviour.truncate());

        assertThatThrownBy(() -> reader.get(PODS)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> reader.get(PODS + "?limit=1", "Accept-Encoding", "gzip"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void listsThatDoNotEnd() throws Exception {
        api.misbehave(PODS, Misbehaviour.endless(500));
        api.misbehave("/api/v1/services", Misbehaviour.sameToken());
        JsonNode first = reader.json(PODS + "?limit=40");
        JsonNode second = reader.json(PODS + "?limit=40&continue=" + FakeReader.token(first));

        assertThat(second.get("items")).hasSize(40);
        assertThat(reader.json(PODS + "?limit=900").get("items")).hasSize(500);
        assertThat(FakeReader.token(second)).isNotEqualTo(FakeReader.token(first));
        assertThat(FakeReader.token(reader.json("/api/v1/services?limit=2&continue=same")))
                .isEqualTo("same");
    }

    private static Instant date(HttpResponse<byte[]> answer, String header) {
        return ZonedDateTime.parse(
                        answer.headers().firstValue(header).orElseThrow(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }
}
