package org.collectionscheduler.settings;

import java.util.List;
import java.util.Set;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/** Remembers what Boot goes by when it reads the configuration files, so that they can be read again in the same way. */
final class BeforeFiles implements EnvironmentPostProcessor, Ordered {

    /**
     * What Boot had when it began.
     *
     * @param sources the one that wins first
     * @param profiles active whatever the files say
     * @param loader of files on the class path
     */
    record Given(List<PropertySource<?>> sources, Set<String> profiles, ClassLoader loader) {}

    private final ConfigurableBootstrapContext bootstrap;

    BeforeFiles(ConfigurableBootstrapContext bootstrap) {
        this.bootstrap = bootstrap;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Given given = new Given(
                environment.getPropertySources().stream().toList(),
                Set.copyOf(application.getAdditionalProfiles()),
                application.getClassLoader());
        bootstrap.register(Given.class, InstanceSupplier.of(given));
    }

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER - 1;
    }
}
