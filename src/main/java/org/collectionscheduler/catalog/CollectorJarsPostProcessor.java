package org.collectionscheduler.catalog;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Adds the jars of {@code scheduler.collectors.directory} to the class path, before anything looks for
 * auto-configurations there. It works wherever the setting is written, and however the program is started: Boot's own
 * loader path is read before there is any configuration, and only by one of its launchers.
 *
 * <p>The program's own classes win over those in the jars. What cannot be used is left out here and reported with all
 * other mistakes of the settings.
 */
final class CollectorJarsPostProcessor implements EnvironmentPostProcessor, Ordered {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        List<URL> jars = jars(environment);
        if (jars.isEmpty()) {
            return;
        }
        // Never closed: classes are loaded from it until the process ends.
        ClassLoader loader = new URLClassLoader("collectors", jars.toArray(URL[]::new), application.getClassLoader());
        application.setResourceLoader(new DefaultResourceLoader(loader));
        // Threads that are started from here on look things up there, too.
        Thread.currentThread().setContextClassLoader(loader);
    }

    /** After all configuration files were read. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    private static List<URL> jars(ConfigurableEnvironment environment) {
        List<URL> urls = new ArrayList<>();
        try {
            String directory = Binder.get(environment)
                    .bind(CollectorsProperties.DIRECTORY, String.class)
                    .orElse("");
            if (!directory.isBlank()) {
                for (Path jar : new CollectorJars(Path.of(directory)).usable()) {
                    urls.add(jar.toUri().toURL());
                }
            }
        } catch (BindException | InvalidPathException | MalformedURLException e) {
            // Whoever binds the settings says what is wrong with it.
            return List.of();
        }
        return urls;
    }
}
