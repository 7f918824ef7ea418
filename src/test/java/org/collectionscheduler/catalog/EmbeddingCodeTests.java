package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.scenario.RunningService;
import org.collectionscheduler.schedule.Rhythm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole service with code in its process, over real HTTP. */
@Timeout(120)
class EmbeddingCodeTests {

    private static final Rhythm HOURLY = new Rhythm.Interval(Duration.ofHours(1));

    @TempDir
    Path directory;

    @Test
    void aCollectionOfTheProcessIsLikeAnyOther() throws Exception {
        String anchor;
        try (RunningService service = RunningService.start(directory)) {
            Collections collections = service.bean(Collections.class);
            register(collections, 1);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> collection(service).at("/statistics/succeeded").asInt() == 1);
            anchor = collection(service).at("/schedule/anchor").asString();
            assertThat(service.json("/actuator/scheduledtasks").toString()).contains("collection prices");
            assertThat(service.post("/api/collections/prices/run?wait=30s").statusCode())
                    .isEqualTo(200);
            service.bean(SchedulerLifecycle.class).stop();
            assertThatThrownBy(() -> register(collections, 1)).isInstanceOf(IllegalStateException.class);
        }
        try (RunningService service = RunningService.start(directory)) {
            assertThat(service.get("/actuator/collections/prices").statusCode()).isEqualTo(404);
            assertThat(service.json("/api/runs?collection=prices").toString()).contains("DEMAND");
            Collections collections = service.bean(Collections.class);
            register(collections, 2);

            assertThat(collection(service).at("/schedule/anchor").asString()).isEqualTo(anchor);
            assertThat(collection(service).at("/statistics/runs").asInt()).isEqualTo(2);
            assertThat(collections.remove("prices", "no longer needed")).isTrue();
            assertThat(service.get("/actuator/collections/prices").statusCode()).isEqualTo(404);
            assertThat(service.json("/actuator/scheduledtasks").toString()).doesNotContain("collection prices");
        }
    }

    @Test
    void theRetentionIsACollectionToo() throws Exception {
        try (RunningService service = RunningService.start(directory)) {
            assertThat(service.json("/actuator/collections/retention")
                            .at("/schedule/interval")
                            .asString())
                    .isEqualTo("PT1H");

            JsonNode run = RunningService.json(service.post("/api/collections/retention/run?wait=30s"));

            assertThat(run.path("outcome").asString()).isEqualTo("SUCCEEDED");
            JsonNode payload =
                    service.json("/api/payloads/" + run.path("payloadId").asString());
            assertThat(payload.at("/payload/data/deleted/runs").isIntegralNumber())
                    .isTrue();
        }
    }

    private static void register(Collections collections, int version) {
        collections.register("prices", HOURLY, context -> Collected.of("prices", Map.of("version", version)));
    }

    private static JsonNode collection(RunningService service) throws Exception {
        return service.json("/actuator/collections/prices");
    }
}
