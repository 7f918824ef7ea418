package org.collectionscheduler.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsCheck;
import org.collectionscheduler.settings.SettingsType;
import org.collectionscheduler.settings.StartRefusedException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    /** The command that the process was started for; absent in the service. */
    private static final String COMMAND = "collection-scheduler.command";

    /** Commands that open a store by themselves, be it one that cannot be read. */
    private static final Set<String> WHOLE_STORE = Set.of("move", "backup", "restore");

    @Bean
    SettingsType storeSettings() {
        return new SettingsType(StoreProperties.class);
    }

    @Bean
    SettingsType deploymentSettings() {
        return new SettingsType(DeploymentProperties.class);
    }

    /** Not for the command that stores nothing. */
    @Bean
    @ConditionalOnExpression("'${" + COMMAND + ":}' != 'collect'")
    SettingsCheck storeDirectoryCheck() {
        return StoreConfiguration::checkDirectory;
    }

    @Bean
    SettingsCheck storeTypeCheck() {
        return (settings, problems) -> settings.get(StoreProperties.class).check(settings.environment(), problems);
    }

    @Bean
    StoreType storeType(Settings settings, Environment environment) {
        return settings.get(StoreProperties.class).decide(environment);
    }

    private static void checkDirectory(BoundSettings settings, Consumer<Problem> problems) {
        if (settings.get(StoreProperties.class).decide(settings.environment()) != StoreType.EMBEDDED) {
            return;
        }
        Path directory =
                settings.get(StoreProperties.class).directory().toAbsolutePath().normalize();
        Path existing = directory;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            problems.accept(EmbeddedDatabase.unwritable(directory, existing + " is not a writable directory"));
        }
    }

    private static Optional<Deployment> fromFile(Settings settings) {
        List<Problem> problems = new ArrayList<>();
        Optional<Deployment> deployment = Optional.ofNullable(
                        settings.get(DeploymentProperties.class).seedFile())
                .flatMap(file -> SeedFile.read(file, problems::add));
        if (!problems.isEmpty()) {
            throw new StartRefusedException(problems);
        }
        return deployment;
    }

    private static DatabaseServer server(Settings settings, Environment environment) {
        return DatabaseServer.of(
                        environment, settings.get(StoreProperties.class).limits())
                .orElseThrow();
    }

    /** The service opens the store; it is the only process that does, or one of those that share a server. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    static class ForService {

        @Bean
        @Conditional(DatabaseServer.OnUrl.class)
        DatabaseServer databaseServer(Settings settings, Environment environment) {
            return server(settings, environment);
        }

        @Bean
        Store store(Settings settings, StoreType type, ObjectProvider<DatabaseServer> server, Clock clock) {
            Path directory = settings.get(StoreProperties.class).directory();
            return switch (type) {
                case EMBEDDED -> migrated(EmbeddedDatabase.open(directory, clock), directory);
                case MEMORY -> migrated(EmbeddedDatabase.inMemory(clock), directory);
                case POSTGRESQL -> server.getObject().open(clock);
            };
        }

        private static Store migrated(Store store, Path directory) {
            try {
                store.migrate(Migrations.directory(directory));
                return store;
            } catch (RuntimeException e) {
                store.close();
                throw e;
            }
        }

        @Bean(destroyMethod = "shutdownNow")
        ScheduledExecutorService storeProbeTimer() {
            return Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("store-probe-"));
        }

        @Bean(initMethod = "start", destroyMethod = "stop")
        StoreProbe storeProbe(Store store, ScheduledExecutorService storeProbeTimer) {
            return new StoreProbe(store, storeProbeTimer);
        }

        @Bean
        Deployment deployment(Settings settings, Store store, Clock clock) {
            Deployment stored = store.write(jdbc -> DeploymentRepository.findOrCreate(
                    jdbc, Deployment.random(Deployment.Origin.STORED), clock.millis()));
            return fromFile(settings).orElse(stored);
        }
    }

    /** A one-shot command looks into the store, if there is one, and leaves it as it is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnNotWebApplication
    static class ForCommand {

        @Bean(destroyMethod = "close")
        StoreView storeView(Settings settings, StoreType type, Environment environment, Clock clock) {
            if (WHOLE_STORE.contains(environment.getProperty(COMMAND, ""))) {
                return StoreView.NONE;
            }
            return switch (type) {
                case EMBEDDED ->
                    EmbeddedDatabase.view(settings.get(StoreProperties.class).directory(), clock);
                case MEMORY -> StoreView.NONE;
                case POSTGRESQL -> server(settings, environment).view(clock);
            };
        }

        @Bean
        StoreMove storeMove(
                Settings settings, StoreType type, Environment environment, ObjectProvider<LiveTables> tables) {
            Set<String> live =
                    tables.stream().flatMap(table -> table.names().stream()).collect(Collectors.toUnmodifiableSet());
            return new StoreMove(
                    place(settings, type, environment),
                    settings.get(StoreProperties.class).limits(),
                    live);
        }

        private static StorePlace place(Settings settings, StoreType type, Environment environment) {
            if (type == StoreType.POSTGRESQL) {
                return new StorePlace.Server(server(settings, environment), DatabaseServer.LOCATION);
            }
            Path directory = settings.get(StoreProperties.class).directory();
            return new StorePlace.Directory(directory, Migrations.directory(directory));
        }

        @Bean
        StoreBackup storeBackup(Settings settings) {
            return new StoreBackup(settings.get(StoreProperties.class).directory());
        }

        @Bean
        StoreRestore storeRestore(Settings settings, Clock clock) {
            return new StoreRestore(settings.get(StoreProperties.class).directory(), clock);
        }

        @Bean
        Deployment deployment(Settings settings, StoreView view) {
            return fromFile(settings)
                    .or(() -> view.read(DeploymentRepository::find).flatMap(found -> found))
                    .orElseGet(() -> Deployment.random(Deployment.Origin.EPHEMERAL));
        }
    }
}
