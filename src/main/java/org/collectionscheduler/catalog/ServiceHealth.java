package org.collectionscheduler.catalog;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.collectionscheduler.dispatch.ClockWatcher;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.Instances;
import org.collectionscheduler.run.RunStatistics;
import org.collectionscheduler.run.RunStatistics.Rate;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreStatus;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/** How the service and its collections are, by the rules of {@link HealthProperties} and some without a threshold. */
public final class ServiceHealth {

    /** Counting all runs of a day may take long; it is done again when that is less than a twentieth of the time. */
    private static final int SHARE = 20;

    /** Whatever is due waits for so long at most, or nobody looks after it. */
    private static final Duration LONGEST_STALL = Duration.ofMinutes(5);

    /** From the database's clock. */
    private static final Duration LARGEST_DIFFERENCE = Duration.ofSeconds(2);

    private final Sources sources;
    private final HealthWatch watch;
    private final CollectionHealth rules;
    private final HealthProperties thresholds;
    private final Clock clock;
    private final Ticker ticker;
    private Map<String, Rate> rates = Map.of();
    private @Nullable Long ratesRead;
    private Duration ratesCost = Duration.ZERO;

    /** What is asked. */
    record Sources(
            Catalog catalog,
            SchedulerLifecycle lifecycle,
            ClaimGate gate,
            Instances instances,
            RunStatistics statistics,
            ClockWatcher clockWatcher,
            WakingProbe wakingProbe,
            Store store) {}

    ServiceHealth(Sources sources, HealthWatch watch, HealthProperties thresholds, Clock clock, Ticker ticker) {
        this.sources = sources;
        this.watch = watch;
        this.rules = new CollectionHealth(thresholds);
        this.thresholds = thresholds;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** From best to worst. */
    public enum Level {
        UP,
        /** Something is in trouble. */
        DEGRADED,
        /** Nothing can be collected or stored. */
        DOWN
    }

    /**
     * @param service what is wrong with the service as a whole
     * @param collections what is wrong with which of them, by name; empty while it is {@code DOWN}
     */
    public record Verdict(Level level, List<Trouble> service, Map<String, Trouble> collections) {}

    /** Whether anything is woken, collected and stored here; looks at no collection and reads nothing. */
    public boolean isAlive() {
        return sources.lifecycle().isRunning()
                && !sources.lifecycle().isDrained()
                && sources.store().status().isWritable()
                && claimsHeld().or(this::stall).isEmpty();
    }

    private Optional<Trouble> stall() {
        Duration stalled = sources.wakingProbe().stalledFor();
        return stalled.compareTo(LONGEST_STALL) <= 0
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "dispatch",
                        "no collection has been woken for " + stalled.toSeconds() + " s; restart the service",
                        clock.instant().minus(stalled)));
    }

    /** Looks at every collection. */
    public Verdict verdict() {
        StoreStatus store = sources.store().status();
        if (store.problem() != null) {
            return down(new Trouble("store", store.problem(), store.since()));
        }
        if (!sources.lifecycle().isRunning()) {
            return new Verdict(Level.DOWN, List.of(), Map.of());
        }
        Optional<Trouble> stall = claimsHeld().or(this::stall);
        if (stall.isPresent()) {
            return down(stall.get());
        }
        try {
            if (sources.lifecycle().isDrained() && nobodyTakesRuns()) {
                return down(drained("nothing is started, for every instance is drained; start one anew"));
            }
            List<Trouble> service = service();
            Map<String, Trouble> collections = collections();
            boolean well = service.isEmpty() && collections.isEmpty();
            return new Verdict(well ? Level.UP : Level.DEGRADED, service, collections);
        } catch (StoreUnavailableException e) {
            return down(new Trouble("store", String.valueOf(e.getMessage()), clock.instant()));
        }
    }

    private Optional<Trouble> claimsHeld() {
        Map<String, String> reasons = sources.gate().reasons();
        return reasons.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "claims", "nothing is started: " + String.join("; ", reasons.values()), clock.instant()));
    }

    private static Verdict down(Trouble trouble) {
        return new Verdict(Level.DOWN, List.of(trouble), Map.of());
    }

    private List<Trouble> service() {
        List<Trouble> troubles = new ArrayList<>();
        if (sources.lifecycle().isDrained()) {
            troubles.add(drained("this instance is drained and leaves all runs to others; start it anew"));
        }
        clockDifference().ifPresent(troubles::add);
        configuration().ifPresent(troubles::add);
        watch.queue().ifPresent(troubles::add);
        clockStep().ifPresent(troubles::add);
        watch.slowStore().ifPresent(troubles::add);
        return troubles;
    }

    private boolean nobodyTakesRuns() {
        return sources.instances().list().stream().allMatch(InstanceStatus::draining);
    }

    private Trouble drained(String problem) {
        return new Trouble("drained", problem, clock.instant());
    }

    private Optional<Trouble> configuration() {
        String differences = sources.instances().list().stream()
                .filter(instance -> instance.differs() != null && !instance.draining())
                .map(instance -> instance.id() + " " + instance.differs())
                .collect(Collectors.joining(" | "));
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "configuration",
                        "instances declare otherwise than is in force: " + differences
                                + "; start all with the same configuration and code, or reload it",
                        clock.instant()));
    }

    /** That it is too large to claim anything, the claims' own trouble says. */
    private Optional<Trouble> clockDifference() {
        Duration difference = sources.instances().clockDifference();
        return difference.abs().compareTo(LARGEST_DIFFERENCE) <= 0
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "clock-difference",
                        "this machine's clock is " + difference.abs().toMillis() / 1000.0 + " s "
                                + (difference.isNegative() ? "behind" : "ahead of") + " the database's; set it",
                        clock.instant()));
    }

    private Optional<Trouble> clockStep() {
        return thresholds.clockStepShown().isZero()
                ? Optional.empty()
                : sources.clockWatcher()
                        .stepWithin(thresholds.clockStepShown())
                        .map(step -> new Trouble(
                                "clock-step-shown", "the wall clock was stepped by " + step.size(), step.at()));
    }

    private Map<String, Trouble> collections() {
        Map<String, Trouble> troubles = new TreeMap<>();
        Map<String, Rate> known = rates();
        for (CollectionStatus status : sources.catalog().statuses()) {
            rules.trouble(status, known.get(status.name())).ifPresent(trouble -> troubles.put(status.name(), trouble));
        }
        return troubles;
    }

    private synchronized Map<String, Rate> rates() {
        if (thresholds.successRate() == 0) {
            return Map.of();
        }
        if (ratesRead == null || ticker.since(ratesRead).compareTo(ratesCost.multipliedBy(SHARE)) >= 0) {
            long start = ticker.nanos();
            rates = sources.statistics().ratesSince(clock.instant().minus(thresholds.successWindow()));
            ratesRead = ticker.nanos();
            ratesCost = ticker.since(start);
        }
        return rates;
    }
}
