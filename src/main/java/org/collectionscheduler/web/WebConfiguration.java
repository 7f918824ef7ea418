package org.collectionscheduler.web;

import java.time.Clock;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.Reload;
import org.collectionscheduler.catalog.SchedulerLifecycle;
import org.collectionscheduler.run.Instances;
import org.collectionscheduler.run.Interventions;
import org.collectionscheduler.run.PayloadSchemas;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.RunStatistics;
import org.collectionscheduler.run.Ticker;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsCheck;
import org.collectionscheduler.settings.SettingsType;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.collectionscheduler.store.StoreType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    @Bean
    SettingsType apiSettings() {
        return new SettingsType(ApiProperties.class);
    }

    @Bean
    SettingsCheck serverCheck() {
        return (settings, problems) -> ServerSettings.check(settings.environment(), problems);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    static class ForService {

        /** After the store, which makes the directory and keeps other processes out of it. */
        @Bean
        ApiToken apiToken(Settings settings, @SuppressWarnings("unused") Store store) {
            var file = settings.get(ApiProperties.class).tokenFile();
            return file == null
                    ? ApiToken.readOrCreate(settings.get(StoreProperties.class).directory())
                    : ApiToken.read(file);
        }

        /** Makes whatever may refuse the start, the settings and the store, speak before the server begins to. */
        @Bean
        WebServerFactoryCustomizer<ConfigurableWebServerFactory> serverAfterStore(
                @SuppressWarnings("unused") ApiToken token) {
            return factory -> {};
        }

        /** After the store, which makes the directory. */
        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> serverDirectory(
                Settings settings, StoreType type, @SuppressWarnings("unused") Store store) {
            return type == StoreType.EMBEDDED
                    ? new ServerDirectory(
                            settings.get(StoreProperties.class).directory().resolve("server"))
                    : factory -> {};
        }

        /** The last one in the host's pipeline answers first. */
        @Bean
        WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> serverRefusals() {
            return factory -> factory.addContextCustomizers(
                    context -> context.getParent().getPipeline().addValve(new RefusalValve()));
        }

        @Bean
        FilterRegistrationBean<RequestGuard> requestGuard(ApiToken token, ServerProperties server) {
            FilterRegistrationBean<RequestGuard> registration =
                    new FilterRegistrationBean<>(new RequestGuard(token, server.getAddress()));
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }

        @Bean
        RunWaiter runWaiter(RunHistory history, Ticker ticker) {
            return new RunWaiter(history, ticker);
        }

        @Bean
        CollectionLookup collectionLookup(Catalog catalog) {
            return new CollectionLookup(catalog);
        }

        @Bean
        CollectionsController collectionsController(Catalog catalog, CollectionLookup lookup) {
            return new CollectionsController(catalog, lookup);
        }

        @Bean
        InterventionsController interventionsController(
                CollectionLookup lookup,
                Interventions interventions,
                RunPipeline pipeline,
                RunWaiter waiter,
                SchedulerLifecycle lifecycle) {
            return new InterventionsController(lookup, interventions, pipeline, waiter, lifecycle);
        }

        @Bean
        InstancesController instancesController(Instances instances) {
            return new InstancesController(instances);
        }

        @Bean
        ReloadController reloadController(Reload reload, SchedulerLifecycle lifecycle) {
            return new ReloadController(reload, lifecycle);
        }

        @Bean
        HistoryController historyController(RunHistory history, CollectionLookup lookup, JsonMapper mapper) {
            return new HistoryController(history, lookup, mapper);
        }

        @Bean
        StatisticsController statisticsController(RunStatistics statistics, Catalog catalog, CollectionLookup lookup) {
            return new StatisticsController(statistics, catalog, lookup);
        }

        @Bean
        AuditController auditController(RunHistory history, CollectionLookup lookup) {
            return new AuditController(history, lookup);
        }

        @Bean
        SchemasController schemasController(PayloadSchemas schemas) {
            return new SchemasController(schemas);
        }

        @Bean
        ServiceProblems serviceProblems() {
            return new ServiceProblems();
        }

        @Bean
        @Profile("quickstart")
        QuickstartGuide quickstartGuide(
                RunHistory history, Catalog catalog, ApiToken token, Clock clock, SchedulerLifecycle lifecycle) {
            QuickstartGuide.Start start = new QuickstartGuide.Start(
                    clock.instant(), lifecycle.setting().source());
            return new QuickstartGuide(history, catalog, token, start);
        }
    }
}
