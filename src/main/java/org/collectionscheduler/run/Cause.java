package org.collectionscheduler.run;

import org.jspecify.annotations.Nullable;

/**
 * Where a change by hand comes from, and why it was made.
 *
 * @param origin such as {@code api 10.0.0.7}; at most 200 characters, the rest is cut off
 * @param reason in the words of whoever made it, at most 500 characters; null when none was given
 */
public record Cause(String origin, @Nullable String reason) {

    private static final int LONGEST_ORIGIN = 200;
    private static final int LONGEST_REASON = 500;

    public Cause {
        origin = cut(origin, LONGEST_ORIGIN);
        reason = reason == null || reason.isBlank() ? null : cut(reason.strip(), LONGEST_REASON);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
