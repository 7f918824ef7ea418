package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Pseudonyms;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsType;
import org.collectionscheduler.store.Deployment;
import org.collectionscheduler.store.LiveTables;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.collectionscheduler.store.StoreView;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
class RunConfiguration {

    private static final int MOST_PERMANENT_RUNS = 64;

    /** For those that wake collections, and what ends attempts that ignore their cancellation. */
    private static final int OTHER_PERMANENT_THREADS = 8;

    private static final Duration IDLE_THREAD = Duration.ofMinutes(1);

    @Bean
    SettingsType runSettings() {
        return new SettingsType(RunProperties.class);
    }

    @Bean
    SettingsType privacySettings() {
        return new SettingsType(PrivacyProperties.class);
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    @ConditionalOnMissingBean
    Ticker ticker() {
        return System::nanoTime;
    }

    @Bean
    PayloadSchemas payloadSchemas(ObjectProvider<Collector> collectors) {
        return PayloadSchemas.of(collectors.orderedStream().toList());
    }

    /** The settings and the store are asked for at its first attempt: the checks of the settings need the collectors. */
    @Bean
    Collector retentionCollector(ObjectProvider<Settings> settings, ObjectProvider<Store> store) {
        return new Retention(
                store::getIfAvailable,
                () -> settings.getObject().get(StoreProperties.class).retention());
    }

    @Bean
    AttemptExecution.Environment attemptEnvironment(
            Settings settings,
            Deployment deployment,
            PayloadSchemas schemas,
            Clock clock,
            Ticker ticker,
            ScheduledExecutorService attemptTimer,
            Executor runThreads) {
        PrivacyProperties privacy = settings.get(PrivacyProperties.class);
        long maxBytes = settings.get(StoreProperties.class).maxPayloadSize().toBytes();
        return new AttemptExecution.Environment(
                clock,
                ticker,
                new Pseudonyms(deployment.saltBytes(), privacy.namespaceNames()),
                new Envelope(maxBytes, deployment.origin(), schemas),
                attemptTimer,
                runThreads,
                ExhaustedHeap::endProcess);
    }

    @Bean(destroyMethod = "shutdown")
    ExecutorService runThreads(Settings settings) {
        int atATime = settings.get(RunProperties.class).maxConcurrentRuns();
        return threads(Math.min(atATime, MOST_PERMANENT_RUNS) + OTHER_PERMANENT_THREADS);
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService attemptTimer() {
        return timer();
    }

    /**
     * As many as are needed at a time; a collector that never returns does not keep the process alive.
     *
     * @param permanent how many are there from the beginning, so that a machine that refuses a thread later does not stop
     *     everything
     */
    static ExecutorService threads(int permanent) {
        CustomizableThreadFactory factory = new CustomizableThreadFactory("run-");
        factory.setDaemon(true);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                permanent,
                Integer.MAX_VALUE,
                IDLE_THREAD.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                factory);
        threads.prestartAllCoreThreads();
        return threads;
    }

    /** It only says that time has passed. */
    static ScheduledExecutorService timer() {
        CustomizableThreadFactory factory = new CustomizableThreadFactory("attempt-timer-");
        factory.setDaemon(true);
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnNotWebApplication
    static class ForCommand {

        @Bean
        OneShot oneShot(AttemptExecution.Environment environment) {
            return new OneShot(environment);
        }

        @Bean
        LiveTables stuckAttempts() {
            return new LiveTables(Set.of("stuck_attempt"));
        }

        @Bean
        StoredCollections storedCollections(StoreView view) {
            return new StoredCollections(view);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    static class ForService {

        @Bean
        Instance instance(ObjectProvider<BuildProperties> build) {
            BuildProperties properties = build.getIfAvailable();
            String version = properties == null ? null : properties.getVersion();
            return Instance.current(version == null ? "unknown" : version);
        }

        @Bean
        ClaimGate claimGate() {
            return new ClaimGate();
        }

        @Bean
        RunLedger runLedger(Store store, Clock clock, Instance instance, ClaimGate gate) {
            return new RunLedger(store, clock, instance, gate);
        }

        @Bean
        RunEvents runEvents(ApplicationEventPublisher publisher, Instance instance) {
            return new RunEvents(publisher, instance);
        }

        @Bean
        Activities activities(ObjectProvider<Peers> peers) {
            return new Activities(peers.getIfAvailable(() -> Peers.NONE));
        }

        @Bean
        AttemptSupervisor attemptSupervisor(
                RunLedger ledger,
                Executor runThreads,
                Activities activities,
                RunEvents events,
                AttemptExecution.Environment environment,
                Settings settings,
                ObjectProvider<DeploymentLimits> deployment) {
            RunProperties limits = settings.get(RunProperties.class);
            RunQueue queue = new RunQueue(
                    limits.maxConcurrentRuns(),
                    limits,
                    deployment.getIfAvailable(() -> DeploymentLimits.NONE),
                    runThreads,
                    environment.timer());
            return new AttemptSupervisor(ledger, queue, activities, events, environment);
        }

        @Bean
        Standings standings(RunLedger ledger, Activities activities, Clock clock) {
            return new Standings(ledger, activities, clock);
        }

        @Bean
        RunPipeline runPipeline(
                RunLedger ledger,
                AttemptSupervisor supervisor,
                Activities activities,
                Standings standings,
                RunEvents events,
                Clock clock) {
            return new RunPipeline(ledger, supervisor, activities, standings, events, clock);
        }

        @Bean
        Registrations registrations(Store store, Clock clock) {
            return new Registrations(store, clock);
        }

        @Bean
        Interventions interventions(Store store, RunEvents events, Clock clock) {
            return new Interventions(store, events, clock);
        }

        @Bean
        Redeclarations redeclarations(Store store, RunEvents events, Clock clock) {
            return new Redeclarations(store, events, clock);
        }

        @Bean
        RunHistory runHistory(Store store) {
            return new RunHistory(store);
        }

        @Bean
        RunStatistics runStatistics(Store store, Settings settings, Clock clock, Ticker ticker) {
            return new RunStatistics(store, settings.get(StoreProperties.class).retention(), clock, ticker);
        }
    }
}
