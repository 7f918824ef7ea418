package org.collectionscheduler.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.collectionscheduler.catalog.SchedulerLifecycle;
import org.collectionscheduler.catalog.ServiceHealth;
import org.collectionscheduler.catalog.ServiceHealth.Verdict;
import org.collectionscheduler.catalog.Trouble;
import org.collectionscheduler.run.RunPipeline;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@code DOWN} while nothing can be collected, stored or woken, {@code DEGRADED} while the service or a collection is in
 * trouble, with which and since when.
 */
final class CollectionsHealthIndicator implements HealthIndicator {

    static final Status DEGRADED = new Status("DEGRADED");

    /** So many are named; who must see them all asks for the collections. */
    private static final int MOST_NAMED = 50;

    private final ServiceHealth health;
    private final SchedulerLifecycle lifecycle;
    private final RunPipeline pipeline;

    CollectionsHealthIndicator(ServiceHealth health, SchedulerLifecycle lifecycle, RunPipeline pipeline) {
        this.health = health;
        this.lifecycle = lifecycle;
        this.pipeline = pipeline;
    }

    @Override
    public Health health() {
        Verdict verdict = health.verdict();
        Health.Builder builder = new Health.Builder(status(verdict)).withDetail("state", lifecycle.state());
        List<String> unstored = pipeline.unstored();
        if (!unstored.isEmpty()) {
            builder.withDetail("resultsWaitingForStore", unstored);
        }
        verdict.service().forEach(trouble -> builder.withDetail(trouble.rule(), trouble));
        if (!verdict.collections().isEmpty()) {
            builder.withDetail("collections", named(verdict.collections()));
        }
        int more = verdict.collections().size() - MOST_NAMED;
        return more > 0 ? builder.withDetail("moreCollections", more).build() : builder.build();
    }

    private static Map<String, Trouble> named(Map<String, Trouble> troubles) {
        Map<String, Trouble> named = new LinkedHashMap<>();
        troubles.entrySet().stream()
                .limit(MOST_NAMED)
                .forEach(trouble -> named.put(trouble.getKey(), trouble.getValue()));
        return named;
    }

    private static Status status(Verdict verdict) {
        return switch (verdict.level()) {
            case UP -> Status.UP;
            case DEGRADED -> DEGRADED;
            case DOWN -> Status.DOWN;
        };
    }
}
