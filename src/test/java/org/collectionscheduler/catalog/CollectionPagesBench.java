package org.collectionscheduler.catalog;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.collectionscheduler.catalog.CollectionOrder.Key;
import org.collectionscheduler.catalog.CollectionOrder.Position;
import org.collectionscheduler.dispatch.local.BenchTable;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long the first and the thousandth part of the list of a hundred thousand collections take, in every order:
 * {@code mvn -Pbench verify -Dit.test=CollectionPagesBench}. The thousandth is found by the cursor that the part before
 * it ends with.
 */
class CollectionPagesBench {

    private static final int PAGE = Integer.getInteger("bench.page", 100);
    private static final int PAGES = 1000;
    private static final int REPETITIONS = Integer.getInteger("bench.repetitions", 5);
    private static final int REPETITIONS_OF_FAST_ONES = 20 * REPETITIONS;

    /** It stands still, so that no collection gets another next run while the list is walked through. */
    private final MutableClock clock = new MutableClock();

    @TempDir
    Path directory;

    @Test
    void measure() throws Exception {
        BenchTable.quietLog();
        BenchTable table =
                new BenchTable("collection-pages", "order", "first page ms", "thousandth ms", "thousandth ÷ first");
        try (Store store = TestStores.sqliteFile(directory, clock)) {
            TestRuns runs = new TestRuns(store, clock, System::nanoTime, 10);
            Catalog catalog =
                    new Catalog(runs.registrations, runs.interventions, runs.pipeline, Agreement.ALONE, clock);
            catalog.register(
                    IntStream.range(0, PAGE * PAGES).mapToObj(this::definition).toList(), "seed");
            store.write(jdbc -> jdbc.sql("""
                    INSERT INTO run (id, collection, kind, scheduled_at, state, outcome, completeness, attempt,
                                     created_at, started_at, finished_at, duration_ms)
                    SELECT 'run-' || name, name, 'SCHEDULE', anchor, 'FINISHED', 'SUCCEEDED', 'FULL', 1,
                           anchor, anchor + rowid, anchor + rowid, 7
                    FROM collection
                    """).update());
            store.write(jdbc -> jdbc.sql("""
                    UPDATE collection SET last_run_id = 'run-' || name, last_started_at = anchor + rowid,
                                          last_success_at = anchor + rowid
                    """).update());
            for (Key key : Key.values()) {
                for (boolean descending : List.of(false, true)) {
                    compare(table, catalog, new CollectionOrder(key, descending));
                }
            }
        }
        table.write();
    }

    private Definition definition(int number) {
        Rhythm rhythm = new Rhythm.Interval(Duration.ofDays(1).plusSeconds(number));
        return new Definition(
                "collection-%06d".formatted(number),
                TestCollector.succeeding(),
                true,
                rhythm,
                Duration.ofHours(1),
                TestCatalog.POLICIES,
                QuietTimes.NONE,
                RunOnStart.NEVER,
                Parameters.NONE);
    }

    private static void compare(BenchTable table, Catalog catalog, CollectionOrder order) {
        Position before = catalog.page(CollectionFilter.ALL, order, null, PAGE * (PAGES - 1))
                .last();
        // What that page has left behind is not to be cleared away while others are measured.
        System.gc();
        int repetitions = order.declared() == null ? REPETITIONS : REPETITIONS_OF_FAST_ONES;
        double[] first = new double[repetitions];
        double[] last = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            first[i] = millis(catalog, order, null);
            last[i] = millis(catalog, order, before);
        }
        table.row(
                order.key().parameter() + (order.descending() ? ", descending" : ""),
                median(first),
                median(last),
                median(last) / median(first));
    }

    private static double millis(Catalog catalog, CollectionOrder order, @Nullable Position after) {
        long startNanos = System.nanoTime();
        int found = catalog.page(CollectionFilter.ALL, order, after, PAGE)
                .collections()
                .size();
        double millis = (System.nanoTime() - startNanos) / 1e6;
        if (found != PAGE) {
            throw new IllegalStateException(found + " collections on a page");
        }
        return millis;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
