package org.collectionscheduler.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.RunEvent.RunSkipped;
import org.collectionscheduler.run.RunEvent.RunStarted;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.RunState;
import org.collectionscheduler.scenario.RunningService;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.schedule.SkipReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionMetricsTests {

    @Test
    void beyondTwoHundredCollectionsOrCollectorsTheTagIsOther(@TempDir Path directory) throws IOException {
        try (RunningService service = RunningService.start(directory, "--scheduler.store.type=memory")) {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            CollectionMetrics metrics = new CollectionMetrics(
                    registry, service.bean(Catalog.class), service.bean(RunPipeline.class), System::nanoTime);
            for (int i = 0; i < 250; i++) {
                Run run = run("collection-" + i);
                metrics.onStarted(new RunStarted(run.collection(), "collector", run, Duration.ofSeconds(1)));
                metrics.onSkipped(new RunSkipped(run.collection(), run, SkipReason.OVERLAP, 3));
                // The collector of a collection that code declares has its collection's name.
                metrics.onFinished(new RunFinished(run.collection(), run.collection(), run, 1));
            }
            assertThat(registry.find("collection.run").timers()).hasSize(201);
            assertThat(registry.get("collection.run")
                            .tag("collector", "other")
                            .timer()
                            .count())
                    .isEqualTo(50);
            assertThat(registry.find("collection.run.lateness").timers()).hasSize(201);
            assertThat(registry.get("collection.run.lateness")
                            .tag("collection", "other")
                            .timer()
                            .count())
                    .isEqualTo(50);
            assertThat(registry.get("collection.run.skipped")
                            .tag("collection", "collection-7")
                            .counter()
                            .count())
                    .isEqualTo(3);
        }
    }

    private static Run run(String collection) {
        return new Run(
                "id",
                collection,
                RunKind.SCHEDULE,
                Instant.EPOCH,
                null,
                null,
                RunState.RUNNING,
                null,
                null,
                null,
                1,
                "here",
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                null,
                null);
    }
}
