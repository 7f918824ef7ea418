package org.collectionscheduler.web;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.HttpStatus;

/** The query parameter {@code wait}: how long an answer may take. */
final class WaitParameter {

    private WaitParameter() {}

    static Duration parse(String text, Duration longest) {
        try {
            Duration wait = DurationStyle.detectAndParse(text);
            if (!wait.isNegative() && wait.compareTo(longest) <= 0) {
                return wait;
            }
        } catch (IllegalArgumentException e) {
            // Answered like a duration that is out of bounds.
        }
        throw Problems.of(
                HttpStatus.BAD_REQUEST,
                "wait is '" + text + "'; it must be a duration from 0s to " + longest.toSeconds() + "s");
    }
}
