package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What happens around the runs of collections: for all of them, and what single ones have otherwise.
 *
 * @param collections by name; names compare without case and dashes
 */
@ConfigurationProperties("scheduler")
public record PolicyProperties(
        @DefaultValue Defaults defaults, @Nullable Map<String, Overrides> collections) implements SettingsGroup {

    /** The values of {@code overlap}. */
    public enum Overlap {
        FORBID,
        ALLOW
    }

    /**
     * What holds for every collection that does not say otherwise.
     *
     * @param timeout of one attempt
     * @param startDeadline how late a slot may be served; null for no limit, but 5 minutes for one-time schedules
     * @param maxOverlap unfinished runs at a time where overlap is allowed
     * @param suspendAfter failed runs in a row until the collection is rested; 0 for never
     * @param suspendFor the first rest; each further failure doubles it, up to {@code maxSuspendFor}
     * @param queueTimeout how long a run on demand may wait for its start
     * @param owner whom to ask; null when nobody is named
     */
    public record Defaults(
            @DefaultValue Retry retry,
            @DefaultValue("10m") Duration timeout,
            @Nullable Duration startDeadline,
            @DefaultValue("run-once") MissedRuns missedRuns,
            @DefaultValue("forbid") Overlap overlap,
            @DefaultValue("2") int maxOverlap,
            @DefaultValue("5") int suspendAfter,
            @DefaultValue("60s") Duration suspendFor,
            @DefaultValue("1h") Duration maxSuspendFor,
            @DefaultValue("5m") Duration queueTimeout,
            @Nullable Map<String, String> labels,
            @Nullable String owner) {}

    /**
     * When a failed run is attempted again.
     *
     * @param jitter share of the delay that is random, from 0 to 1
     */
    public record Retry(
            @DefaultValue("4") int maxAttempts,
            @DefaultValue("1s") Duration initialDelay,
            @DefaultValue("2") double multiplier,
            @DefaultValue("30s") Duration maxDelay,
            @DefaultValue("0.5") double jitter) {}

    /** What one collection has otherwise; null means as the defaults say. Labels are added to the default ones. */
    public record Overrides(
            @Nullable RetryOverrides retry,
            @Nullable Duration timeout,
            @Nullable Duration startDeadline,
            @Nullable MissedRuns missedRuns,
            @Nullable Overlap overlap,
            @Nullable Integer maxOverlap,
            @Nullable Integer suspendAfter,
            @Nullable Duration suspendFor,
            @Nullable Duration maxSuspendFor,
            @Nullable Duration queueTimeout,
            @Nullable Map<String, String> labels,
            @Nullable String owner) {

        static final Overrides NONE =
                new Overrides(null, null, null, null, null, null, null, null, null, null, null, null);

        Overrides withTimeout(Duration newTimeout) {
            return new Overrides(
                    retry,
                    newTimeout,
                    startDeadline,
                    missedRuns,
                    overlap,
                    maxOverlap,
                    suspendAfter,
                    suspendFor,
                    maxSuspendFor,
                    queueTimeout,
                    labels,
                    owner);
        }

        Overrides withLabels(Map<String, String> newLabels) {
            return new Overrides(
                    retry,
                    timeout,
                    startDeadline,
                    missedRuns,
                    overlap,
                    maxOverlap,
                    suspendAfter,
                    suspendFor,
                    maxSuspendFor,
                    queueTimeout,
                    Map.copyOf(newLabels),
                    owner);
        }

        Overrides withOwner(String newOwner) {
            return new Overrides(
                    retry,
                    timeout,
                    startDeadline,
                    missedRuns,
                    overlap,
                    maxOverlap,
                    suspendAfter,
                    suspendFor,
                    maxSuspendFor,
                    queueTimeout,
                    labels,
                    newOwner);
        }
    }

    /** As {@link Retry}; null means as the defaults say. */
    public record RetryOverrides(
            @Nullable Integer maxAttempts,
            @Nullable Duration initialDelay,
            @Nullable Double multiplier,
            @Nullable Duration maxDelay,
            @Nullable Double jitter) {

        static final RetryOverrides NONE = new RetryOverrides(null, null, null, null, null);
    }

    /** Each collection under one of its spellings. */
    @Override
    public Map<String, Overrides> collections() {
        return CollectionNames.distinct(collections);
    }

    /**
     * The policies in force for the collection of each name. Where some are out of bounds, which is reported elsewhere,
     * they are as if nothing were written.
     */
    Function<String, Policies> inForce() {
        Function<String, Overrides> overrides = CollectionNames.orDefault(collections(), Overrides.class);
        return name -> Policies.of(defaults, overrides.apply(name));
    }

    @Override
    public void check(Consumer<Problem> problems) {
        Overrides general = Policies.merge(defaults, Overrides.NONE);
        PolicyChecks.check("scheduler.defaults", general, general, problems);
        collections()
                .forEach((name, said) -> PolicyChecks.check(
                        "scheduler.collections." + name, said, Policies.merge(defaults, said), problems));
    }
}
