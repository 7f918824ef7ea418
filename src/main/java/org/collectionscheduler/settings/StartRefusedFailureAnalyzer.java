package org.collectionscheduler.settings;

import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong with the settings, line by line, instead of a stack trace. */
final class StartRefusedFailureAnalyzer extends AbstractFailureAnalyzer<StartRefusedException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StartRefusedException cause) {
        String description = cause.problems().stream()
                .map(problem -> "  " + problem)
                .collect(Collectors.joining("\n", "The service cannot start as it is configured:\n\n", ""));
        return new FailureAnalysis(
                description,
                "Correct the settings named above; the command 'check' shows whether they are right.",
                cause);
    }
}
