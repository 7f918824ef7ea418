package org.collectionscheduler.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.collectionscheduler.scenario.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class QuickstartGuideTests {

    private static final String QUICKSTART = "--spring.profiles.active=quickstart";

    @Test
    void whatAnEarlierStartCollectedIsShownAsThatWithItsTime(@TempDir Path directory, CapturedOutput output)
            throws Exception {
        String collectedAt;
        try (RunningService first = RunningService.start(directory, QUICKSTART)) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(output.getOut())
                            .containsPattern("cluster-metadata collected, \\d+ bytes")
                            .containsPattern("resource-inventory collected, \\d+ bytes"));
            collectedAt = first.json("/api/payloads?collection=cluster-metadata")
                    .at("/payloads/0/createdAt")
                    .asString();
        }
        int before = output.getOut().length();
        try (RunningService unused = RunningService.start(directory, QUICKSTART)) {
            assertThat(output.getOut().substring(before))
                    .containsPattern(
                            "cluster-metadata was collected by an earlier start, at " + collectedAt + ", \\d+ bytes")
                    .contains("resource-inventory was collected by an earlier start, at ")
                    .doesNotContain(" collected, ");
        }
    }
}
