package org.collectionscheduler.actuate;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.Instances;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of the processes that share the store, each as this process sees them. */
final class InstanceMetrics implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(InstanceMetrics.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Instances instances;
    private final Ticker ticker;
    private List<InstanceStatus> seen = List.of();
    private @Nullable Long lookedAt;

    InstanceMetrics(Instances instances, Ticker ticker) {
        this.instances = instances;
        this.ticker = ticker;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("collection.instances", () -> count(instance -> true))
                .description("Live processes that share the store")
                .register(registry);
        Gauge.builder("collection.instances.draining", () -> count(InstanceStatus::draining))
                .description("Live processes that take nothing more")
                .register(registry);
        Gauge.builder(
                        "collection.clock.difference",
                        () -> instances.clockDifference().toMillis() / 1000.0)
                .description("By how much this process' clock is ahead of the store's")
                .baseUnit("seconds")
                .register(registry);
    }

    /** NaN while the store cannot be read: this process is one at least. */
    private double count(Predicate<InstanceStatus> counted) {
        List<InstanceStatus> known = instances();
        return known.isEmpty() ? Double.NaN : known.stream().filter(counted).count();
    }

    /** One look at the store serves all gauges of one scrape. */
    private synchronized List<InstanceStatus> instances() {
        if (lookedAt == null || ticker.since(lookedAt).compareTo(LOOK_EVERY) > 0) {
            lookedAt = ticker.nanos();
            seen = look();
        }
        return seen;
    }

    private List<InstanceStatus> look() {
        try {
            return instances.list();
        } catch (StoreUnavailableException e) {
            log.atDebug().addKeyValue("reason", e.getMessage()).log("gauges have no values");
            return List.of();
        }
    }
}
