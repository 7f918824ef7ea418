package org.collectionscheduler.actuate;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.CollectionStatus;
import org.collectionscheduler.run.RunEvent.CollectionRegistered;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.RunEvent.RunSkipped;
import org.collectionscheduler.run.RunEvent.RunStarted;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * The meters {@code collection.*}. A run is counted once, in {@code collection.run}, when it has ended, however many
 * attempts it took; skipped slots are counted in {@code collection.run.skipped} and nowhere else.
 */
final class CollectionMetrics {

    private static final Logger log = LoggerFactory.getLogger(CollectionMetrics.class);

    /** Beyond this many collections, or collectors, further ones share the tag value {@code other}. */
    static final int MOST_TAGS = 200;

    private static final String OTHER = "other";

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final MeterRegistry registry;
    private final Catalog catalog;
    private final RunPipeline pipeline;
    private final Ticker ticker;
    private final Set<String> tagged = ConcurrentHashMap.newKeySet();
    private final Set<String> taggedCollectors = ConcurrentHashMap.newKeySet();
    private Map<String, CollectionStatus> statuses = Map.of();
    private @Nullable Long lookedAt;

    CollectionMetrics(MeterRegistry registry, Catalog catalog, RunPipeline pipeline, Ticker ticker) {
        this.registry = registry;
        this.catalog = catalog;
        this.pipeline = pipeline;
        this.ticker = ticker;
    }

    @EventListener
    void onStarted(RunStarted event) {
        Duration lateness = event.lateness();
        if (lateness == null) {
            return;
        }
        Timer.builder("collection.run.lateness")
                .description("Start minus slot")
                .tag("collection", tag(event.collection()))
                .register(registry)
                .record(lateness.isNegative() ? Duration.ZERO : lateness);
    }

    @EventListener
    void onFinished(RunFinished event) {
        String outcome =
                event.run().outcome() == null ? "none" : event.run().outcome().lowerCaseName();
        Duration duration =
                event.run().duration() == null ? Duration.ZERO : event.run().duration();
        Timer.builder("collection.run")
                .description("Finished runs, with the duration of their last attempt")
                .tags("collection", tag(event.collection()))
                .tags("collector", tag(taggedCollectors, event.collector()), "outcome", outcome)
                .register(registry)
                .record(duration);
        if (event.payloadBytes() > 0) {
            DistributionSummary.builder("collection.payload.bytes")
                    .description("Size of stored payloads")
                    .baseUnit("bytes")
                    .tag("collection", tag(event.collection()))
                    .register(registry)
                    .record(event.payloadBytes());
        }
    }

    @EventListener
    void onSkipped(RunSkipped event) {
        registry.counter(
                        "collection.run.skipped",
                        Tags.of(
                                "collection",
                                tag(event.collection()),
                                "reason",
                                event.reason().lowerCaseName()))
                .increment(event.count());
    }

    /** Beyond the tagged ones no further collection has gauges: a sum of such instants would mean nothing. */
    @EventListener(ApplicationReadyEvent.class)
    void registerGauges() {
        Gauge.builder("collection.runs.waiting", pipeline, RunPipeline::waiting)
                .description("Runs that wait for a permit")
                .register(registry);
        gauge("collection.paused", CollectionState.PAUSED)
                .description("Collections that an operator has paused")
                .register(registry);
        gauge("collection.suspended", CollectionState.SUSPENDED)
                .description("Collections that rest after failures")
                .register(registry);
        catalog.names().forEach(this::registerGauges);
    }

    /** Those that are there already are left as they are. */
    @EventListener
    void onRegistered(CollectionRegistered event) {
        registerGauges(event.collection());
    }

    private void registerGauges(String name) {
        if (!tag(name).equals(OTHER)) {
            gauge(
                            "collection.last.success",
                            name,
                            status -> seconds(status.record().lastSuccessAt()))
                    .description("When the last success ended, in seconds since the epoch")
                    .register(registry);
            gauge("collection.next.run", name, status -> seconds(status.nextRunAt()))
                    .description("When the next slot is, in seconds since the epoch")
                    .register(registry);
            gauge("collection.run.stuck", name, status -> status.stuck() == null ? 0.0 : 1.0)
                    .description("Attempts that ignore their cancellation")
                    .register(registry);
            gauge("collection.run.active", name, status ->
                            (double) status.active().size())
                    .description("Unfinished runs")
                    .register(registry);
        }
    }

    private Gauge.Builder<?> gauge(
            String meter, String collection, Function<CollectionStatus, @Nullable Double> value) {
        return Gauge.builder(meter, () -> read(collection, value)).tag("collection", collection);
    }

    /** How many collections are in that state; NaN while the store cannot be read. */
    private Gauge.Builder<?> gauge(String meter, CollectionState state) {
        return Gauge.builder(meter, () -> {
            Map<String, CollectionStatus> known = statuses();
            return known.isEmpty()
                    ? Double.NaN
                    : known.values().stream()
                            .filter(status -> status.state() == state)
                            .count();
        });
    }

    /** NaN where there is no value, and while the store cannot be read. */
    private double read(String collection, Function<CollectionStatus, @Nullable Double> value) {
        Double number =
                statuses().containsKey(collection) ? value.apply(statuses().get(collection)) : null;
        return number == null ? Double.NaN : number;
    }

    /** One look at the store serves all gauges of one scrape. */
    private synchronized Map<String, CollectionStatus> statuses() {
        if (lookedAt == null || ticker.since(lookedAt).compareTo(LOOK_EVERY) > 0) {
            lookedAt = ticker.nanos();
            statuses = look();
        }
        return statuses;
    }

    private Map<String, CollectionStatus> look() {
        try {
            return catalog.statuses().stream().collect(Collectors.toMap(CollectionStatus::name, Function.identity()));
        } catch (StoreUnavailableException e) {
            log.atDebug().addKeyValue("reason", e.getMessage()).log("gauges have no values");
            return Map.of();
        }
    }

    private static @Nullable Double seconds(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli() / 1000.0;
    }

    private String tag(String collection) {
        return tag(tagged, collection);
    }

    private static String tag(Set<String> tagged, String name) {
        if (tagged.contains(name)) {
            return name;
        }
        synchronized (tagged) {
            return tagged.size() < MOST_TAGS && tagged.add(name) ? name : OTHER;
        }
    }
}
