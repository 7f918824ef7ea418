package org.collectionscheduler.dispatch.cluster;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.collectionscheduler.dispatch.DispatcherContract;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.dispatch.WakingQueue;
import org.collectionscheduler.run.Instances;
import org.collectionscheduler.run.RunEvent;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;

/** One of several processes on one PostgreSQL, within this JVM. */
final class ClusterProcess implements AutoCloseable {

    static final ClusterProperties PROPERTIES = new ClusterProperties(Duration.ofSeconds(4), Duration.ofSeconds(1), 4);

    final TestRuns runs;
    final InstanceTable table;
    final Membership membership;
    final ClusterDispatcher dispatcher;
    final Instances instances;
    private final HikariDataSource database;
    private final ScheduledExecutorService due = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService lease = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService other = Executors.newScheduledThreadPool(2);

    ClusterProcess(DatabaseServer server, Store store, Clock clock, int permits) {
        database = server.hastyPool("engine", PROPERTIES.connections());
        table = new InstanceTable(database);
        AtomicReference<Membership> peers = new AtomicReference<>();
        runs = new TestRuns(
                store,
                clock,
                permits,
                instance -> Objects.requireNonNull(peers.get()).isAlive(instance));
        membership = new Membership(
                table, runs.instance, PROPERTIES, runs.gate, new Membership.Time(clock, System::nanoTime, lease));
        peers.set(membership);
        WakeTable wakes = new WakeTable(database, clock);
        PollingEngine engine = new PollingEngine(database, PROPERTIES, runs.instance.id(), clock);
        Notifications notifications = new Notifications(server, database);
        WakingQueue waking = new WakingQueue(8, TestRuns.threads());
        DueTimer timer =
                new DueTimer(wakes, engine::look, runs.pipeline::hasFreePermit, PROPERTIES.pollInterval(), clock, due);
        dispatcher = new ClusterDispatcher(
                new Pipeline(
                        runs.pipeline, waking, new WakingProbe(Runnable::run, System::nanoTime), TestRuns.threads()),
                new ClusterDispatcher.Parts(wakes, engine, timer, notifications, membership),
                clock,
                other);
        instances = new ClusterInstances(table, membership, notifications);
        runs.events.listen(this::hear);
    }

    private void hear(RunEvent event) {
        if (event instanceof CollectionFreed freed) {
            dispatcher.onFreed(freed);
        }
    }

    DispatcherContract.Engine engine() {
        return new DispatcherContract.Engine(dispatcher, this::hear, this::close);
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
