package org.collectionscheduler.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.CollectionStatus;
import org.collectionscheduler.catalog.SchedulerLifecycle;
import org.collectionscheduler.run.Completeness;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.schedule.SlotRange;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreStatus;
import org.collectionscheduler.store.StoreUnavailableException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@code DOWN} while nothing can be collected or stored, {@code DEGRADED} while a collection is in trouble, with which
 * and since when.
 */
final class CollectionsHealthIndicator implements HealthIndicator {

    static final Status DEGRADED = new Status("DEGRADED");

    private final Catalog catalog;
    private final SchedulerLifecycle lifecycle;
    private final RunPipeline pipeline;
    private final Store store;
    private final Clock clock;

    CollectionsHealthIndicator(
            Catalog catalog, SchedulerLifecycle lifecycle, RunPipeline pipeline, Store store, Clock clock) {
        this.catalog = catalog;
        this.lifecycle = lifecycle;
        this.pipeline = pipeline;
        this.store = store;
        this.clock = clock;
    }

    /** What is wrong with one collection, and since when. */
    record Trouble(String problem, Instant since) {}

    @Override
    public Health health() {
        StoreStatus status = store.status();
        Health.Builder health = new Health.Builder().withDetail("state", lifecycle.state());
        List<String> unstored = pipeline.unstored();
        if (!unstored.isEmpty()) {
            health.withDetail("resultsWaitingForStore", unstored);
        }
        if (status.problem() != null) {
            return health.down()
                    .withDetail("store", new Trouble(status.problem(), status.since()))
                    .build();
        }
        if (!lifecycle.isRunning()) {
            return health.down().build();
        }
        try {
            Map<String, Trouble> troubles = troubles();
            return troubles.isEmpty()
                    ? health.up().build()
                    : health.status(DEGRADED)
                            .withDetail("collections", troubles)
                            .build();
        } catch (StoreUnavailableException e) {
            return health.down()
                    .withDetail("store", new Trouble(String.valueOf(e.getMessage()), clock.instant()))
                    .build();
        }
    }

    private Map<String, Trouble> troubles() {
        Map<String, Trouble> troubles = new LinkedHashMap<>();
        for (CollectionStatus status : catalog.statuses()) {
            trouble(status).ifPresent(trouble -> troubles.put(status.name(), trouble));
        }
        return troubles;
    }

    private Optional<Trouble> trouble(CollectionStatus status) {
        if (status.stuck() != null) {
            Instant since = status.stuck().startedAt();
            return Optional.of(new Trouble(
                    "an attempt ignores its cancellation and still runs", since == null ? clock.instant() : since));
        }
        return overdue(status).or(() -> lastRun(status.last()));
    }

    private Optional<Trouble> overdue(CollectionStatus status) {
        SlotRange due = status.due();
        Duration patience = status.definition().rhythm().shortestGap().orElse(Duration.ZERO);
        if (due == null || !due.first().plus(patience).isBefore(clock.instant())) {
            return Optional.empty();
        }
        return Optional.of(new Trouble("overdue by more than its interval", due.first()));
    }

    private Optional<Trouble> lastRun(@org.jspecify.annotations.Nullable Run last) {
        if (last == null || last.finishedAt() == null || last.outcome() == null) {
            return Optional.empty();
        }
        if (last.outcome() != RunOutcome.SUCCEEDED) {
            return Optional.of(new Trouble("last run " + last.outcome() + ": " + last.error(), last.finishedAt()));
        }
        return last.completeness() == Completeness.PARTIAL
                ? Optional.of(new Trouble("last run partial: " + last.reason(), last.finishedAt()))
                : Optional.empty();
    }
}
