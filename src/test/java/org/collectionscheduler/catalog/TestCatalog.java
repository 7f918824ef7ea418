package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.collectionscheduler.catalog.PolicyProperties.Defaults;
import org.collectionscheduler.catalog.PolicyProperties.Overrides;
import org.collectionscheduler.run.DeclaredBy;
import org.collectionscheduler.run.MutableTicker;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.springframework.boot.context.properties.bind.Binder;

/** Collections that a test declares, over a real store. */
final class TestCatalog {

    static final Policies POLICIES =
            Policies.of(new Binder(List.of()).bindOrCreate("none", Defaults.class), Overrides.NONE);

    final MutableClock clock = new MutableClock();
    final MutableTicker ticker = new MutableTicker();
    final NavigableMap<String, Catalog.Entry> entries = new TreeMap<>();
    final Store store;
    final TestRuns runs;
    final CollectionStatuses statuses;

    TestCatalog(java.util.function.Function<MutableClock, Store> opened) {
        store = opened.apply(clock);
        runs = new TestRuns(store, clock, ticker, 4);
        statuses = new CollectionStatuses(runs.pipeline, clock);
    }

    ScheduledCollection add(String name, TestCollector collector, Consumer<TestRuns.Spec> change) {
        TestRuns.Spec spec = new TestRuns.Spec();
        change.accept(spec);
        ScheduledCollection scheduled = runs.register(name, collector, change);
        Rhythm rhythm = spec.rhythm == null ? new Rhythm.Interval(spec.interval) : spec.rhythm;
        Definition definition = new Definition(
                name, collector, true, rhythm, Duration.ZERO, POLICIES, spec.quiet, RunOnStart.NEVER, Parameters.NONE);
        entries.put(Names.canonical(name), new Catalog.Entry(definition, scheduled, DeclaredBy.CONFIGURATION));
        return scheduled;
    }

    ScheduledCollection add(String name) {
        return add(name, TestCollector.succeeding(), spec -> {});
    }

    CollectionStatus status(String name) {
        return statuses.of(List.of(java.util.Objects.requireNonNull(entries.get(Names.canonical(name)))))
                .get(0);
    }

    /** By SQL, for states that would take long to reach. */
    void set(String name, Map<String, Object> columns) {
        columns.forEach((column, value) ->
                store.write(jdbc -> jdbc.sql("UPDATE collection SET " + column + " = :value WHERE name = :name")
                        .param("value", value)
                        .param("name", name)
                        .update()));
    }
}
