package org.collectionscheduler.dispatch.cluster;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.collectionscheduler.dispatch.Engine;
import org.collectionscheduler.dispatch.LockKeeper;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.dispatch.WakingQueue;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsType;
import org.collectionscheduler.store.AdvisoryLock;
import org.collectionscheduler.store.Coalescer;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.LiveTables;
import org.collectionscheduler.store.Store;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
class ClusterConfiguration {

    @Bean
    SettingsType clusterSettings() {
        return new SettingsType(ClusterProperties.class);
    }

    /** These tables belong to a database and the processes that use it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnNotWebApplication
    static class ForCommand {

        @Bean
        LiveTables clusterTables() {
            return new LiveTables(Set.of(InstanceTable.NAME, CodeDeclarationTable.NAME, WakeTable.NAME));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    @Conditional(Engine.OnCluster.class)
    static class ForService {

        private static final int WAITING_THREADS = 4;

        @Bean
        ClusterProperties clusterProperties(Settings settings) {
            return settings.get(ClusterProperties.class);
        }

        /** After the store, which makes the tables. */
        @Bean(destroyMethod = "close")
        HikariDataSource engineDatabase(
                DatabaseServer server, ClusterProperties properties, @SuppressWarnings("unused") Store store) {
            return server.hastyPool("engine", properties.connections());
        }

        @Bean(destroyMethod = "shutdownNow")
        ScheduledExecutorService dueExecutor() {
            return Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("due-"));
        }

        @Bean(destroyMethod = "shutdownNow")
        ScheduledExecutorService leaseExecutor() {
            return Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("lease-"));
        }

        @Bean(destroyMethod = "shutdownNow")
        ScheduledExecutorService databaseLockExecutor() {
            return Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("database-lock-"));
        }

        @Bean(destroyMethod = "shutdownNow")
        ScheduledExecutorService clusterExecutor() {
            return Executors.newScheduledThreadPool(WAITING_THREADS, new CustomizableThreadFactory("cluster-"));
        }

        @Bean(initMethod = "start")
        LockKeeper databaseLock(DatabaseServer server, ClaimGate gate, ScheduledExecutorService databaseLockExecutor) {
            return new LockKeeper(new AdvisoryLock(server, AdvisoryLock.Mode.SHARED), gate, databaseLockExecutor);
        }

        @Bean
        SharedPermits sharedPermits(DatabaseServer server, Instance instance) {
            return new SharedPermits(server, instance);
        }

        @Bean
        InstanceTable instanceTable(HikariDataSource engineDatabase, ClusterProperties properties) {
            return new InstanceTable(engineDatabase, properties.lease());
        }

        @Bean
        Membership.Time membershipTime(Clock clock, Ticker ticker, ScheduledExecutorService leaseExecutor) {
            return new Membership.Time(clock, ticker, leaseExecutor);
        }

        @Bean(destroyMethod = "stop")
        Membership membership(
                InstanceTable table,
                Instance instance,
                ClusterProperties properties,
                ClaimGate gate,
                Membership.Time time) {
            return new Membership(table, instance, properties, gate, time);
        }

        @Bean
        WakeTable wakeTable(HikariDataSource engineDatabase, Clock clock) {
            return new WakeTable(engineDatabase, Coalescer.ofStatements(engineDatabase), clock);
        }

        @Bean
        Notifications notifications(DatabaseServer server, HikariDataSource engineDatabase) {
            return new Notifications(server, engineDatabase);
        }

        @Bean
        PollingEngine pollingEngine(
                HikariDataSource engineDatabase,
                WakeTable table,
                ClusterProperties properties,
                Instance instance,
                ClaimGate gate,
                Clock clock,
                ScheduledExecutorService clusterExecutor) {
            PollingEngine engine = new PollingEngine(
                    engineDatabase, table, properties, instance.id(), new PollingEngine.Time(clock, clusterExecutor));
            engine.heed(gate);
            return engine;
        }

        @Bean
        DueTimer dueTimer(
                WakeTable table,
                PollingEngine engine,
                RunPipeline pipeline,
                ClusterProperties properties,
                Clock clock,
                ScheduledExecutorService dueExecutor) {
            return new DueTimer(
                    table, engine::look, pipeline::hasFreePermit, properties.pollInterval(), clock, dueExecutor);
        }

        @Bean
        WakingProbe wakingProbe(
                WakingQueue waking, PollingEngine engine, ScheduledExecutorService dueExecutor, Ticker ticker) {
            return new WakingProbe(
                    task -> dueExecutor.execute(() -> waking.execute(() -> answered(engine, task))), ticker);
        }

        /** What comes due goes by the engine: one that leaves it lying does not answer. */
        private static Optional<Runnable> answered(PollingEngine engine, Runnable question) {
            if (!engine.leavesDue()) {
                question.run();
            }
            return Optional.empty();
        }

        @Bean
        Pipeline clusterPipeline(
                RunPipeline runs, WakingQueue waking, WakingProbe probe, Executor runThreads, Clock clock) {
            return new Pipeline(runs, waking, probe, runThreads, clock);
        }

        @Bean
        ClusterDispatcher.Parts clusterParts(
                WakeTable table,
                PollingEngine engine,
                DueTimer due,
                Notifications notifications,
                Membership membership) {
            return new ClusterDispatcher.Parts(table, engine, due, notifications, membership);
        }

        @Bean
        ClusterDispatcher clusterDispatcher(
                Pipeline clusterPipeline,
                ClusterDispatcher.Parts parts,
                Clock clock,
                ScheduledExecutorService clusterExecutor) {
            return new ClusterDispatcher(clusterPipeline, parts, clock, clusterExecutor);
        }

        @Bean
        CodeDeclarationTable codeDeclarationTable(HikariDataSource engineDatabase) {
            return new CodeDeclarationTable(engineDatabase);
        }

        @Bean
        ClusterAgreement clusterAgreement(
                InstanceTable table, CodeDeclarationTable code, Membership membership, Notifications notifications) {
            return new ClusterAgreement(table, new ClusterCodeAgreement(code, membership), membership, notifications);
        }

        @Bean
        ClusterInstances clusterInstances(
                InstanceTable table, CodeDeclarationTable code, Membership membership, Notifications notifications) {
            return new ClusterInstances(table, code, membership, notifications);
        }
    }
}
