package org.collectionscheduler.catalog;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Source;
import org.collectionscheduler.dispatch.ClockWatcher;
import org.collectionscheduler.dispatch.Dispatcher;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.run.Instances;
import org.collectionscheduler.run.Interventions;
import org.collectionscheduler.run.Redeclarations;
import org.collectionscheduler.run.Registrations;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.RunProperties;
import org.collectionscheduler.run.RunStatistics;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.ConfigurationReader;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsCheck;
import org.collectionscheduler.settings.SettingsType;
import org.collectionscheduler.store.Deployment;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

    @Bean
    SettingsType catalogSettings() {
        return new SettingsType(CatalogProperties.class);
    }

    @Bean
    SettingsType quietSettings() {
        return new SettingsType(QuietProperties.class);
    }

    @Bean
    SettingsType scheduleSettings() {
        return new SettingsType(ScheduleProperties.class);
    }

    @Bean
    SettingsType policySettings() {
        return new SettingsType(PolicyProperties.class);
    }

    @Bean
    SettingsType healthSettings() {
        return new SettingsType(HealthProperties.class);
    }

    @Bean
    SettingsType parameterKeys() {
        return new SettingsType(ParameterKeys.class);
    }

    @Bean
    SettingsType collectorsSettings() {
        return new SettingsType(CollectorsProperties.class);
    }

    @Bean
    SettingsCheck collectorNamesCheck(ObjectProvider<Collector> collectors) {
        return (settings, problems) ->
                CollectorNames.check(collectors.orderedStream().toList(), problems);
    }

    @Bean
    SettingsCheck collectionsCheck(ObjectProvider<Collector> collectors, Environment environment) {
        return (settings, problems) -> {
            // With a wrong source there are no built-in collectors, and every collection would seem unknown.
            if (Source.decide(environment).isPresent()) {
                List<Collector> known = collectors.orderedStream().toList();
                Definitions.of(settings::get, known, new CollectorParameters(settings), problems);
                new IdleSettings(settings::get, known).check(problems);
            }
        };
    }

    @Bean
    CollectorParameters collectorParameters(BoundSettings bound) {
        return new CollectorParameters(bound);
    }

    @Bean
    Declared declaredCollections(
            Settings settings, CollectorParameters parameters, ObjectProvider<Collector> collectors) {
        List<Collector> known = collectors.orderedStream().toList();
        List<Definition> definitions = Definitions.of(settings::get, known, parameters, problem -> {
            throw new IllegalStateException("settings were checked before: " + problem);
        });
        new IdleSettings(settings::get, known).find(definitions, IdleSettings::warn);
        return new Declared(definitions);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    static class ForService {

        @Bean
        Catalog catalog(
                Registrations registrations,
                Interventions interventions,
                RunPipeline pipeline,
                ObjectProvider<Agreement> agreement,
                Clock clock) {
            return new Catalog(
                    registrations, interventions, pipeline, agreement.getIfAvailable(() -> Agreement.ALONE), clock);
        }

        @Bean
        Collections.Engine engine(Interventions interventions, RunPipeline pipeline, Dispatcher dispatcher) {
            return new Collections.Engine(interventions, pipeline, dispatcher);
        }

        @Bean
        Collections collections(Catalog catalog, Collections.Engine engine, Settings settings, Deployment deployment) {
            return new Collections(catalog, engine, new ProcessDefinitions(settings::get), deployment.seed());
        }

        @Bean(destroyMethod = "shutdownNow")
        ScheduledExecutorService reloadTimer() {
            return Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("reload-"));
        }

        @Bean
        Redeclarer redeclarer(
                Collections collections,
                Catalog catalog,
                Collections.Engine engine,
                Redeclarations redeclarations,
                ScheduledExecutorService reloadTimer,
                ObjectProvider<Agreement> agreement) {
            Redeclarer redeclarer = new Redeclarer(collections, catalog, engine, redeclarations, reloadTimer);
            agreement.ifAvailable(among -> among.whenItMayHaveChanged(redeclarer::lookForAgreement));
            return redeclarer;
        }

        @Bean
        Reload reload(
                ConfigurationReader reader,
                Settings settings,
                ObjectProvider<Collector> collectors,
                Collections collections,
                Redeclarer redeclarer) {
            return new Reload(reader, settings, collectors.orderedStream().toList(), collections, redeclarer);
        }

        @Bean
        SchedulerLifecycle.Start schedulerStart(
                Declared declared, Settings settings, StoreType store, Environment environment) {
            SchedulerLifecycle.Setting setting = new SchedulerLifecycle.Setting(
                    Source.decide(environment).orElseThrow().lowerCaseName(),
                    store.lowerCaseName(),
                    settings.get(RunProperties.class).shutdownTimeout());
            return new SchedulerLifecycle.Start(declared.definitions(), setting);
        }

        @Bean
        SchedulerLifecycle schedulerLifecycle(
                Collections collections,
                Dispatcher dispatcher,
                ClockWatcher clockWatcher,
                RunPipeline pipeline,
                SchedulerLifecycle.Start start) {
            return new SchedulerLifecycle(collections, dispatcher, clockWatcher, pipeline, start);
        }

        @Bean(destroyMethod = "shutdownNow")
        ScheduledExecutorService healthTimer() {
            return Executors.newScheduledThreadPool(2, new CustomizableThreadFactory("health-"));
        }

        @Bean
        HealthWatch healthWatch(
                RunPipeline pipeline,
                Store store,
                Settings settings,
                Clock clock,
                Ticker ticker,
                ScheduledExecutorService healthTimer) {
            HealthWatch watch = new HealthWatch(pipeline, store, settings.get(HealthProperties.class), clock, ticker);
            watch.start(healthTimer);
            return watch;
        }

        @Bean
        ServiceHealth.Sources healthSources(
                Catalog catalog,
                SchedulerLifecycle lifecycle,
                ClaimGate gate,
                Instances instances,
                RunStatistics statistics,
                ClockWatcher clockWatcher,
                WakingProbe wakingProbe,
                Store store) {
            return new ServiceHealth.Sources(
                    catalog, lifecycle, gate, instances, statistics, clockWatcher, wakingProbe, store);
        }

        @Bean
        ServiceHealth serviceHealth(
                ServiceHealth.Sources sources, HealthWatch watch, Settings settings, Clock clock, Ticker ticker) {
            return new ServiceHealth(sources, watch, settings.get(HealthProperties.class), clock, ticker);
        }
    }
}
