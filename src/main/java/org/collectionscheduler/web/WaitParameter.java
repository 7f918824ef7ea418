package org.collectionscheduler.web;

import java.time.Duration;
import org.collectionscheduler.settings.Durations;
import org.springframework.http.HttpStatus;

/** The query parameter {@code wait}: how long an answer may take. */
final class WaitParameter {

    private WaitParameter() {}

    static Duration parse(String text, Duration longest) {
        return Durations.parse(text)
                .filter(wait -> !wait.isNegative() && wait.compareTo(longest) <= 0)
                .orElseThrow(() -> Problems.of(
                        HttpStatus.BAD_REQUEST,
                        "wait is '" + text + "'; it must be a duration from 0s to " + longest.toSeconds() + "s"));
    }
}
