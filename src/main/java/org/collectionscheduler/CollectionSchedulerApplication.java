package org.collectionscheduler;

import java.io.PrintStream;
import org.collectionscheduler.cli.CommandLineArguments;
import org.collectionscheduler.cli.Commands;
import org.collectionscheduler.run.ExhaustedHeap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;

/**
 * The program. With a command it does one thing and ends; without one it is the service, a web application.
 *
 * <p>That difference is also what the packages' configurations go by: a command never
 * dispatches, never listens and never writes into a store that a service uses. Each package's configuration is found by itself, so that deleting a family of
 * collectors is deleting its folder.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan(
        useDefaultFilters = false,
        includeFilters = @ComponentScan.Filter(type = FilterType.ANNOTATION, classes = Configuration.class))
public class CollectionSchedulerApplication {

    /** A command says why it failed in one line of its own. */
    private static final String NO_FAILURE_REPORT =
            "logging.level.org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter=OFF";

    private static final String COMMAND = "collection-scheduler.command=";

    public static void main(String[] arguments) {
        CommandLineArguments parsed = CommandLineArguments.of(arguments);
        String[] settings = parsed.settings().toArray(String[]::new);
        if (parsed.command().isEmpty()) {
            ExhaustedHeap.watchAllThreads();
            application(WebApplicationType.SERVLET).run(settings);
        } else {
            PrintStream result = System.out;
            // Whatever writes to standard output from here on, logging included, is not the result.
            System.setOut(System.err);
            System.exit(Commands.execute(
                    parsed,
                    () -> application(WebApplicationType.NONE)
                            .logStartupInfo(false)
                            .properties(
                                    NO_FAILURE_REPORT,
                                    COMMAND + parsed.command().get(0))
                            .run(settings),
                    result));
        }
    }

    private static SpringApplicationBuilder application(WebApplicationType type) {
        return new SpringApplicationBuilder(CollectionSchedulerApplication.class).web(type);
    }
}
