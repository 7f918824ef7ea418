package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.collectionscheduler.catalog.PolicyProperties.Overrides;
import org.collectionscheduler.catalog.PolicyProperties.RetryOverrides;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.jspecify.annotations.Nullable;

/** Whether policies are in bounds. */
final class PolicyChecks {

    private static final int MOST_ATTEMPTS = 100;
    private static final int MOST_OVERLAP = 100;
    private static final int MOST_FAILURES = 1000;
    private static final int LONGEST_LABEL = 63;

    private final String prefix;
    private final Consumer<Problem> problems;

    private PolicyChecks(String prefix, Consumer<Problem> problems) {
        this.prefix = prefix;
        this.problems = problems;
    }

    /**
     * Reports what is out of bounds.
     *
     * @param prefix of the keys
     * @param said what is written under it; null for what is not
     * @param inForce {@code said}, and the defaults where nothing is; nothing in it is null but what has no default
     */
    static void check(String prefix, Overrides said, Overrides inForce, Consumer<Problem> problems) {
        PolicyChecks checks = new PolicyChecks(prefix, problems);
        checks.single(said);
        checks.retry(said.retry() == null ? RetryOverrides.NONE : said.retry());
        if (said.suspendFor() != null || said.maxSuspendFor() != null) {
            checks.notLonger("suspend-for", inForce.suspendFor(), "max-suspend-for", inForce.maxSuspendFor());
        }
        RetryOverrides retry = inForce.retry();
        if (said.retry() != null && retry != null) {
            checks.notLonger("retry.initial-delay", retry.initialDelay(), "retry.max-delay", retry.maxDelay());
        }
    }

    private void single(Overrides said) {
        Durations.checkPositive(key("timeout"), said.timeout(), problems);
        Durations.checkPositive(key("start-deadline"), said.startDeadline(), problems);
        Durations.checkPositive(key("suspend-for"), said.suspendFor(), problems);
        Durations.checkPositive(key("max-suspend-for"), said.maxSuspendFor(), problems);
        Durations.checkPositive(key("queue-timeout"), said.queueTimeout(), problems);
        within("max-overlap", said.maxOverlap(), 1, MOST_OVERLAP);
        within("suspend-after", said.suspendAfter(), 0, MOST_FAILURES);
        labels(said.labels() == null ? Map.of() : said.labels());
        text("owner", said.owner());
    }

    private void retry(RetryOverrides said) {
        within("retry.max-attempts", said.maxAttempts(), 1, MOST_ATTEMPTS);
        Durations.checkNotNegative(key("retry.initial-delay"), said.initialDelay(), problems);
        Durations.checkNotNegative(key("retry.max-delay"), said.maxDelay(), problems);
        within("retry.multiplier", said.multiplier(), 1, 100);
        within("retry.jitter", said.jitter(), 0, 1);
    }

    private void labels(Map<String, String> labels) {
        labels.forEach((name, value) -> text("labels." + name, value));
    }

    private void text(String key, @Nullable String value) {
        if (value != null && value.length() > LONGEST_LABEL) {
            problems.accept(new Problem(
                    key(key), value, "is longer than " + LONGEST_LABEL + " characters", "Write a shorter one"));
        }
    }

    private void within(String key, @Nullable Number value, int least, int most) {
        if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            problems.accept(new Problem(
                    key(key),
                    value.toString(),
                    "must lie between " + least + " and " + most,
                    "Write a number in these bounds"));
        }
    }

    private void notLonger(String shorter, @Nullable Duration one, String longer, @Nullable Duration other) {
        if (one != null && other != null && one.compareTo(other) > 0) {
            problems.accept(new Problem(
                    key(shorter),
                    Durations.text(one),
                    "is longer than " + longer + ", which is " + Durations.text(other),
                    "Shorten it, or set " + key(longer) + ", too"));
        }
    }

    private String key(String setting) {
        return prefix + "." + setting;
    }
}
