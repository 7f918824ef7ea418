package org.collectionscheduler.dispatch.local;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.collectionscheduler.dispatch.DispatcherContract;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs a second with a stored history, when many collections are due at once, beside a plain executor that writes the
 * same rows in the same transactions to the same database, and beside Quartz: {@code mvn -Pbench verify
 * -Dit.test=HistoryBench}. Every acknowledged commit is on disk.
 */
class HistoryBench {

    private static final int THREADS = 10;
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 7);

    /** Until the compilers have done what they do for a service that runs for weeks. */
    private static final int WARM_UP_ROUNDS = 8;

    private static final int RUNS = Integer.getInteger("bench.runs", 2_000);

    private final Clock clock = Clock.tickMillis(java.time.ZoneOffset.UTC);
    private String payload = "";

    @TempDir
    Path directory;

    @Test
    void measure() throws Exception {
        BenchTable.quietLog();
        BenchTable table = new BenchTable("history", "store", "who", "runs/s", "ours ÷ it");
        try (TestStores.Bare embedded = TestStores.bareSqlite(Files.createDirectory(directory.resolve("db")), clock)) {
            compare(table, "embedded", embedded, false);
        }
        try (TestStores.Bare server = TestStores.barePostgreSql(clock)) {
            compare(table, "PostgreSQL", server, true);
        }
        table.write();
    }

    private void compare(BenchTable table, String name, TestStores.Bare bare, boolean withQuartz) throws Exception {
        double[] ours = new double[ROUNDS];
        double[] executor = new double[ROUNDS];
        double[] quartz = new double[ROUNDS];
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            int slot = Math.max(0, round);
            ours[slot] = ours(bare.store(), "ours-" + round + "-");
            executor[slot] = bare(bare, "bare-" + round + "-");
            if (withQuartz && round >= -1) {
                quartz[slot] = quartz(bare.connections(), "quartz-" + round + "-");
            }
        }
        table.row(name, "ours", median(ours), "");
        table.row(name, "bare executor, same transactions", median(executor), median(ratios(ours, executor)));
        if (withQuartz) {
            table.row(name, "Quartz, JDBC store", median(quartz), median(ratios(ours, quartz)));
        }
    }

    private double bare(TestStores.Bare bare, String prefix) throws InterruptedException {
        register(new TestRuns(bare.store(), clock, System::nanoTime, THREADS), prefix);
        long startNanos = System.nanoTime();
        new BareExecutor(bare.connections(), THREADS, payload).run(prefix, RUNS);
        return perSecondSince(startNanos);
    }

    private static List<ScheduledCollection> register(TestRuns runs, String prefix) {
        return IntStream.range(0, RUNS)
                .mapToObj(i -> runs.register(prefix + i, TestCollector.succeeding()))
                .toList();
    }

    private static double perSecondSince(long startNanos) {
        return RUNS * 1e9 / (System.nanoTime() - startNanos);
    }

    private double ours(Store store, String prefix) throws InterruptedException {
        TestRuns runs = new TestRuns(store, clock, System::nanoTime, THREADS);
        List<ScheduledCollection> collections = register(runs, prefix);
        CountDownLatch finished = new CountDownLatch(RUNS);
        DispatcherContract.Engine engine = LocalEngine.of(runs.pipeline, clock);
        runs.events.listen(event -> {
            engine.listener().accept(event);
            if (event instanceof RunFinished) {
                finished.countDown();
            }
        });
        long startNanos = System.nanoTime();
        engine.dispatcher().start(collections);
        if (!finished.await(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException("runs without an end: " + finished.getCount());
        }
        double perSecond = perSecondSince(startNanos);
        engine.dispatcher().stop();
        engine.close().run();
        payload = runs.history.newestPayloadIds(prefix + 0, 1).stream()
                .flatMap(id -> runs.history.payload(id).stream())
                .findFirst()
                .orElseThrow()
                .content();
        return perSecond;
    }

    private double quartz(HikariDataSource database, String prefix) throws Exception {
        try (QuartzPeer peer = QuartzPeer.onPostgreSql(database, THREADS)) {
            peer.addDue(prefix, RUNS);
            long startNanos = System.nanoTime();
            peer.runAll(RUNS);
            return perSecondSince(startNanos);
        }
    }

    private static double[] ratios(double[] ours, double[] peer) {
        double[] ratios = new double[ours.length];
        Arrays.setAll(ratios, i -> ours[i] / peer[i]);
        return ratios;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** A line of log for each run would be measured, too. */
}
