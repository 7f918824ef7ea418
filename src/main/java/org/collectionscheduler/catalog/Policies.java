package org.collectionscheduler.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.collectionscheduler.catalog.PolicyProperties.Defaults;
import org.collectionscheduler.catalog.PolicyProperties.Overlap;
import org.collectionscheduler.catalog.PolicyProperties.Overrides;
import org.collectionscheduler.catalog.PolicyProperties.Retry;
import org.collectionscheduler.catalog.PolicyProperties.RetryOverrides;
import org.collectionscheduler.run.RetryPolicy;
import org.collectionscheduler.run.RunPolicy;
import org.collectionscheduler.schedule.StartPolicy;
import org.collectionscheduler.schedule.Suspension;
import org.collectionscheduler.settings.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * The policies of one collection.
 *
 * @param labels in the order of their names
 * @param owner whom to ask; null when nobody is named
 */
record Policies(
        StartPolicy start,
        RunPolicy run,
        Map<String, String> labels,
        @Nullable String owner) {

    private static final Defaults UNWRITTEN =
            new Binder(List.of()).bindOrCreate("unwritten", Bindable.of(Defaults.class));

    /** What is in force where {@code said} is written for a collection; out of bounds, as if nothing were written. */
    static Policies of(Defaults defaults, Overrides said) {
        Overrides inForce = merge(defaults, said);
        List<Problem> problems = new ArrayList<>();
        PolicyChecks.check("", inForce, inForce, problems::add);
        return of(problems.isEmpty() ? inForce : merge(UNWRITTEN, Overrides.NONE));
    }

    private static Policies of(Overrides inForce) {
        StartPolicy start = new StartPolicy(
                requireNonNull(inForce.missedRuns()),
                inForce.startDeadline(),
                requireNonNull(inForce.queueTimeout()),
                inForce.overlap() == Overlap.ALLOW ? requireNonNull(inForce.maxOverlap()) : 1);
        Suspension suspension = new Suspension(
                requireNonNull(inForce.suspendAfter()),
                requireNonNull(inForce.suspendFor()),
                requireNonNull(inForce.maxSuspendFor()));
        RunPolicy run =
                new RunPolicy(requireNonNull(inForce.timeout()), retry(requireNonNull(inForce.retry())), suspension);
        return new Policies(start, run, requireNonNull(inForce.labels()), inForce.owner());
    }

    /** The same with a limit to how late a slot may be served, where none is set. */
    Policies withStartDeadline(Duration deadline) {
        if (start.startDeadline() != null) {
            return this;
        }
        StartPolicy limited = new StartPolicy(start.missedRuns(), deadline, start.queueTimeout(), start.maxOverlap());
        return new Policies(limited, run, labels, owner);
    }

    /** What is said, and the defaults where nothing is. */
    static Overrides merge(Defaults defaults, Overrides said) {
        return new Overrides(
                merge(defaults.retry(), said.retry() == null ? RetryOverrides.NONE : said.retry()),
                either(said.timeout(), defaults.timeout()),
                either(said.startDeadline(), defaults.startDeadline()),
                either(said.missedRuns(), defaults.missedRuns()),
                either(said.overlap(), defaults.overlap()),
                either(said.maxOverlap(), defaults.maxOverlap()),
                either(said.suspendAfter(), defaults.suspendAfter()),
                either(said.suspendFor(), defaults.suspendFor()),
                either(said.maxSuspendFor(), defaults.maxSuspendFor()),
                either(said.queueTimeout(), defaults.queueTimeout()),
                labels(defaults.labels(), said.labels()),
                either(said.owner(), defaults.owner()));
    }

    private static RetryOverrides merge(Retry defaults, RetryOverrides said) {
        return new RetryOverrides(
                either(said.maxAttempts(), defaults.maxAttempts()),
                either(said.initialDelay(), defaults.initialDelay()),
                either(said.multiplier(), defaults.multiplier()),
                either(said.maxDelay(), defaults.maxDelay()),
                either(said.jitter(), defaults.jitter()));
    }

    private static RetryPolicy retry(RetryOverrides retry) {
        return new RetryPolicy(
                requireNonNull(retry.maxAttempts()),
                requireNonNull(retry.initialDelay()),
                requireNonNull(retry.multiplier()),
                requireNonNull(retry.maxDelay()),
                requireNonNull(retry.jitter()));
    }

    private static Map<String, String> labels(
            @Nullable Map<String, String> defaults, @Nullable Map<String, String> said) {
        Map<String, String> labels = new TreeMap<>(defaults == null ? Map.of() : defaults);
        labels.putAll(said == null ? Map.of() : said);
        return java.util.Collections.unmodifiableMap(labels);
    }

    private static <T> @Nullable T either(@Nullable T said, @Nullable T otherwise) {
        return said == null ? otherwise : said;
    }
}
