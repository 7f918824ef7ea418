package org.collectionscheduler.settings;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The files that the configuration is read from, wherever Boot finds them: search locations, profiles and imports count
 * anew each time. Everything else keeps its value and its rank: the command line, variables, system properties.
 */
final class ConfigurationFiles {

    private final ConfigurableEnvironment started;
    private final BeforeFiles.Given given;
    private final List<PropertySource<?>> readAtStart;

    /**
     * @param started the environment of this process
     * @param readAtStart those of its sources that were made of files
     */
    ConfigurationFiles(ConfigurableEnvironment started, BeforeFiles.Given given, List<PropertySource<?>> readAtStart) {
        this.started = started;
        this.given = given;
        this.readAtStart = List.copyOf(readAtStart);
    }

    /**
     * The configuration, read now.
     *
     * @param environment as a start would have it now
     * @param started as the start has it
     * @param changing the sources of both that were made of files
     */
    record Reading(
            ConfigurableEnvironment environment, ConfigurableEnvironment started, List<PropertySource<?>> changing) {}

    /** @throws StartRefusedException when a file cannot be read */
    Reading read() {
        List<PropertySource<?>> read = readFiles();
        RereadEnvironment environment = new RereadEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        boolean placed = false;
        for (PropertySource<?> source : started.getPropertySources()) {
            if (!readAtStart.contains(source)) {
                add(source, sources);
            } else if (!placed) {
                read.forEach(sources::addLast);
                placed = true;
            }
        }
        ConfigurationPropertySources.attach(environment);
        return new Reading(
                environment,
                started,
                Stream.concat(readAtStart.stream(), read.stream()).toList());
    }

    private List<PropertySource<?>> readFiles() {
        RereadEnvironment environment = new RereadEnvironment();
        environment.setConversionService(new ApplicationConversionService());
        MutablePropertySources sources = environment.getPropertySources();
        given.sources().forEach(source -> add(source, sources));
        ConfigurationPropertySources.attach(environment);
        readInto(environment);
        List<PropertySource<?>> read = new ArrayList<>();
        sources.stream()
                .filter(source -> !given.sources().contains(source))
                .filter(source -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
                .forEach(read::add);
        return read;
    }

    private void readInto(ConfigurableEnvironment environment) {
        OpenedFiles files = new OpenedFiles(given.loader());
        try {
            ConfigDataEnvironmentPostProcessor.applyTo(environment, files, null, given.profiles());
        } catch (YAMLException e) {
            throw new StartRefusedException(files.unreadable(e), e);
        } catch (BindException e) {
            String key = e.getName().toString();
            throw new StartRefusedException(
                    new Problem(key, null, "is not a value of the right form", "Correct or remove it"), e);
        } catch (ConfigDataException | UncheckedIOException | IllegalStateException | IllegalArgumentException e) {
            String wrong = "cannot be read: " + withoutValue(e);
            throw new StartRefusedException(
                    new Problem("the configuration files", null, wrong, "Correct them, or their locations"), e);
        }
    }

    /** What makes keys findable in another spelling is made anew for each environment. */
    private static void add(PropertySource<?> source, MutablePropertySources sources) {
        if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)) {
            sources.addLast(source);
        }
    }

    /** A placeholder that cannot be resolved is named together with the value around it, which may hold a secret. */
    private static String withoutValue(RuntimeException e) {
        return String.valueOf(e.getMessage()).replaceFirst("(?s) in value \".*", "");
    }
}
