package org.collectionscheduler.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

class StartRefusedFailureAnalyzerTests {

    @Test
    void showsEveryMistakeOnALineOfItsOwnAndNoStackTrace() {
        StartRefusedException refused = new StartRefusedException(List.of(
                new Problem("scheduler.a", "1", "is wrong", "Correct it"),
                new Problem("scheduler.b", null, "is missing", "Write it")));

        FailureAnalysis analysis =
                new StartRefusedFailureAnalyzer().analyze(new IllegalStateException("wrapped", refused));

        assertThat(Objects.requireNonNull(analysis).getDescription().lines())
                .contains("  scheduler.a = '1': is wrong. Correct it", "  scheduler.b: is missing. Write it")
                .noneMatch(line -> line.contains("Exception") || line.strip().startsWith("at "));
        assertThat(analysis.getAction()).contains("check");
    }

    @Test
    void isFoundByBoot() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(FailureAnalyzer.class, FailureHandler.handleMessage((message, failure) -> {})))
                .hasAtLeastOneElementOfType(StartRefusedFailureAnalyzer.class);
    }
}
