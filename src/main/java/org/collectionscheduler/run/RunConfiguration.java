package org.collectionscheduler.run;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Pseudonyms;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsType;
import org.collectionscheduler.store.Deployment;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.collectionscheduler.store.StoreView;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.system.JavaVersion;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
class RunConfiguration {

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
            Executor collectorThreads) {
        PrivacyProperties privacy = settings.get(PrivacyProperties.class);
        long maxBytes = settings.get(StoreProperties.class).maxPayloadSize().toBytes();
        return new AttemptExecution.Environment(
                clock,
                ticker,
                new Pseudonyms(deployment.saltBytes(), privacy.namespaceNames()),
                new Envelope(maxBytes, deployment.origin(), schemas),
                collectorThreads,
                ExhaustedHeap::endProcess);
    }

    @Bean(destroyMethod = "shutdown")
    ExecutorService collectorThreads() {
        return threadsForCollectors();
    }

    /** As many as are needed at a time; a collector that never returns does not keep the process alive. */
    static ExecutorService threadsForCollectors() {
        CustomizableThreadFactory factory = new CustomizableThreadFactory("collector-");
        factory.setDaemon(true);
        return Executors.newCachedThreadPool(factory);
    }

    /**
     * Threads that wait for attempts. They hold no collector's code, so virtual ones are safe where they exist; elsewhere
     * they are kept for a while, for to start one takes longer than a run that finds little to do.
     */
    static Executor threadsForRuns() {
        if (JavaVersion.getJavaVersion().isEqualOrNewerThan(JavaVersion.TWENTY_ONE)) {
            SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("run-");
            executor.setVirtualThreads(true);
            return executor;
        }
        return Executors.newCachedThreadPool(new CustomizableThreadFactory("run-"));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnNotWebApplication
    static class ForCommand {

        @Bean
        OneShot oneShot(AttemptExecution.Environment environment) {
            return new OneShot(environment);
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
        Instance instance() {
            return Instance.current();
        }

        @Bean
        Executor runThreads() {
            return threadsForRuns();
        }

        @Bean
        RunLedger runLedger(Store store, Clock clock, Instance instance) {
            return new RunLedger(store, clock, instance.id());
        }

        @Bean
        RunEvents runEvents(ApplicationEventPublisher publisher, Instance instance) {
            return new RunEvents(publisher, instance.id());
        }

        @Bean
        Activities activities() {
            return new Activities();
        }

        @Bean
        AttemptSupervisor attemptSupervisor(
                RunLedger ledger,
                Executor runThreads,
                Activities activities,
                RunEvents events,
                AttemptExecution.Environment environment,
                Settings settings) {
            RunProperties limits = settings.get(RunProperties.class);
            RunQueue queue = new RunQueue(limits.maxConcurrentRuns(), limits::maxConcurrentRuns, runThreads);
            return new AttemptSupervisor(ledger, queue, activities, events, environment);
        }

        @Bean
        RunPipeline runPipeline(
                RunLedger ledger, AttemptSupervisor supervisor, Activities activities, RunEvents events, Clock clock) {
            return new RunPipeline(ledger, supervisor, activities, events, clock);
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
