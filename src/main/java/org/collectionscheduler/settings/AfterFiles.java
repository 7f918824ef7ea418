package org.collectionscheduler.settings;

import java.util.List;
import java.util.Objects;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/** Finds out which sources Boot has made of the configuration files, and has the files known as a bean. */
final class AfterFiles implements EnvironmentPostProcessor, Ordered {

    private final ConfigurableBootstrapContext bootstrap;

    AfterFiles(ConfigurableBootstrapContext bootstrap) {
        this.bootstrap = bootstrap;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        BeforeFiles.Given given = Objects.requireNonNull(bootstrap.get(BeforeFiles.Given.class));
        List<PropertySource<?>> read = environment.getPropertySources().stream()
                .filter(source -> !given.sources().contains(source))
                .<PropertySource<?>>map(source -> source)
                .toList();
        ConfigurationFiles files = new ConfigurationFiles(environment, given, read);
        bootstrap.addCloseListener(
                event -> event.getApplicationContext().getBeanFactory().registerSingleton("configurationFiles", files));
    }

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }
}
