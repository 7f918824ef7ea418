package org.collectionscheduler.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.collectionscheduler.scenario.RecordedFacts.Fact;
import org.collectionscheduler.scenario.RecordedFacts.Recorder;
import org.collectionscheduler.scenario.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens is told to listeners in the process, after it was stored. */
class EventsTests {

    @Test
    void factsArePublishedAfterTheCommit(@TempDir Path directory) throws Exception {
        try (RunningService service = RunningService.start(
                directory,
                "--scenario.facts=true",
                "--scenario.slowness-ms=1500",
                "--scheduler.collections.quick.interval=31d",
                "--scheduler.collections.quick.max-offset=30d",
                "--scheduler.collections.failing.interval=31d",
                "--scheduler.collections.failing.max-offset=30d",
                "--scheduler.collections.failing.suspend-after=2",
                "--scheduler.collections.slow.interval=1s")) {
            Recorder recorder = service.bean(Recorder.class);
            service.post("/api/collections/quick/run?wait=30s");
            service.post("/api/collections/quick/pause");
            service.post("/api/collections/quick/pause");
            service.post("/api/collections/quick/resume");
            for (int i = 0; i < 2; i++) {
                service.post("/api/collections/failing/run?wait=30s");
            }
            service.post("/api/collections/failing/resume");

            assertThat(recorder.of("quick"))
                    .containsExactlyElementsOf(
                            facts("quick", "RunStarted", "RunFinished", "CollectionPaused", "CollectionResumed"));
            assertThat(recorder.of("failing"))
                    .containsExactlyElementsOf(facts(
                            "failing",
                            "RunStarted",
                            "RunFinished",
                            "RunStarted",
                            "RunFinished",
                            "CollectionSuspended",
                            "CollectionResumed"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> recorder.of("slow").contains(new Fact("slow", "RunSkipped", true)));
            assertThat(recorder.of("slow")).allMatch(Fact::stored);
        }
    }

    private static List<Fact> facts(String collection, String... names) {
        return List.of(names).stream()
                .map(name -> new Fact(collection, name, true))
                .toList();
    }
}
