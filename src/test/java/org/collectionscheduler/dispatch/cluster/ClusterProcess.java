package org.collectionscheduler.dispatch.cluster;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.collectionscheduler.dispatch.DispatcherContract;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.dispatch.WakingQueue;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.Instances;
import org.collectionscheduler.run.RunEvent;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.Coalescer;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One of several processes on one PostgreSQL, within this JVM. */
public final class ClusterProcess implements AutoCloseable {

    static final ClusterProperties PROPERTIES = new ClusterProperties(Duration.ofSeconds(4), Duration.ofSeconds(1), 8);

    public final TestRuns runs;
    final InstanceTable table;
    final WakeTable wakes;

    /** By which the engine's rows are written here, but for what the engine itself does. */
    final WatchedDataSource beside;

    final Membership membership;
    final ClusterDispatcher dispatcher;
    public final Instances instances;
    private final Agreement agreement;
    final PollingEngine engine;
    private final HikariDataSource database;
    private final ScheduledExecutorService due = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService lease = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService other = Executors.newScheduledThreadPool(2);

    public ClusterProcess(DatabaseServer server, Store store, Clock clock, int permits) {
        this(server, store, clock, clock, permits);
    }

    /** @param compared what is compared with the database's clock */
    ClusterProcess(DatabaseServer server, Store store, Clock clock, Clock compared, int permits) {
        database = server.hastyPool("engine", PROPERTIES.connections());
        table = new InstanceTable(database, PROPERTIES.lease());
        AtomicReference<Membership> peers = new AtomicReference<>();
        runs = new TestRuns(
                store,
                clock,
                permits,
                instance -> Objects.requireNonNull(peers.get()).isAlive(instance));
        membership = new Membership(
                table, runs.instance, PROPERTIES, runs.gate, new Membership.Time(compared, System::nanoTime, lease));
        peers.set(membership);
        beside = new WatchedDataSource(database);
        wakes = new WakeTable(beside, Coalescer.ofStatements(database), clock);
        engine = new PollingEngine(
                database, wakes, PROPERTIES, runs.instance.id(), new PollingEngine.Time(clock, other));
        engine.heed(runs.gate);
        Notifications notifications = new Notifications(server, database);
        WakingQueue waking = new WakingQueue(8, TestRuns.threads());
        DueTimer timer =
                new DueTimer(wakes, engine::look, runs.pipeline::hasFreePermit, PROPERTIES.pollInterval(), clock, due);
        dispatcher = new ClusterDispatcher(
                new Pipeline(
                        runs.pipeline,
                        waking,
                        new WakingProbe(Runnable::run, System::nanoTime),
                        TestRuns.threads(),
                        clock),
                new ClusterDispatcher.Parts(wakes, engine, timer, notifications, membership),
                clock,
                other);
        CodeDeclarationTable code = new CodeDeclarationTable(database);
        instances = new ClusterInstances(table, code, membership, notifications);
        agreement = new ClusterAgreement(table, new ClusterCodeAgreement(code, membership), membership, notifications);
        runs.events.listen(this::hear);
    }

    private volatile Consumer<RunEvent> alsoHearing = event -> {};

    /** Tells another listener, too. */
    void alsoHear(Consumer<RunEvent> listener) {
        alsoHearing = listener;
    }

    private void hear(RunEvent event) {
        alsoHearing.accept(event);
        if (event instanceof CollectionFreed freed) {
            dispatcher.onFreed(freed);
        }
    }

    /** With the other processes, as soon as it declares anything. */
    public Agreement agreement() {
        return agreement;
    }

    DispatcherContract.Engine engine() {
        return new DispatcherContract.Engine(dispatcher, this::hear, this::close);
    }

    /** How many rows the engine has of that collection. */
    long rows(String collection) {
        return jdbc().sql("SELECT COUNT(*) FROM dispatch_task WHERE task_instance = :name")
                .param("name", collection)
                .query(Long.class)
                .single();
    }

    /** To change rows as nobody else does. */
    JdbcClient jdbc() {
        return JdbcClient.create(database);
    }

    /** From now on it gives no sign of life and wakes nothing, as if it were stopped; what it runs, runs on. */
    Runnable freeze() {
        CountDownLatch frozen = new CountDownLatch(1);
        lease.execute(() -> awaitUninterruptibly(frozen));
        engine.stop();
        return frozen::countDown;
    }

    /** It counts as ended, and finds that out only when what is returned is run. */
    public Runnable loseLease() {
        CountDownLatch away = new CountDownLatch(1);
        lease.execute(() -> awaitUninterruptibly(away));
        table.end(runs.instance.id());
        return away::countDown;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("nobody has thawed it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        due.shutdownNow();
        other.shutdownNow();
        lease.shutdownNow();
        membership.stop();
        database.close();
    }
}
