package org.collectionscheduler;

import java.io.PrintStream;
import org.collectionscheduler.cli.CommandLineArguments;
import org.collectionscheduler.cli.Commands;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * The program. With a command it does one thing and ends; without one it is the service, a web application.
 *
 * <p>That difference is also what the packages' configurations go by: a command never opens the store for writing,
 * never dispatches and never listens.
 */
@SpringBootApplication
public class CollectionSchedulerApplication {

    public static void main(String[] arguments) {
        CommandLineArguments parsed = CommandLineArguments.of(arguments);
        String[] settings = parsed.settings().toArray(String[]::new);
        if (parsed.command().isEmpty()) {
            application(WebApplicationType.SERVLET).run(settings);
        } else {
            PrintStream result = System.out;
            // Whatever writes to standard output from here on, logging included, is not the result.
            System.setOut(System.err);
            System.exit(Commands.execute(
                    parsed,
                    () -> application(WebApplicationType.NONE)
                            .logStartupInfo(false)
                            .run(settings),
                    result));
        }
    }

    private static SpringApplicationBuilder application(WebApplicationType type) {
        return new SpringApplicationBuilder(CollectionSchedulerApplication.class).web(type);
    }
}
