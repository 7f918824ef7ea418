package org.collectionscheduler.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Supplier;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Parses a command and executes it in a context of its own. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "java -jar collection-scheduler.jar",
        description = "Runs data collections on schedule. Without a command: the service.",
        footer = "Settings are given as --key=value, for example --scheduler.source=host.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Commands {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private final Supplier<ConfigurableApplicationContext> context;
    private final PrintStream result;

    private Commands(Supplier<ConfigurableApplicationContext> context, PrintStream result) {
        this.context = context;
        this.result = result;
    }

    /**
     * Executes the command in {@code arguments}.
     *
     * @param context starts what the command needs; called once at most
     * @param result takes the result and nothing else
     * @return the exit code
     */
    public static int execute(
            CommandLineArguments arguments, Supplier<ConfigurableApplicationContext> context, PrintStream result) {
        PrintWriter errors = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Commands commands = new Commands(context, result);
        return new CommandLine(commands)
                .addSubcommand(new CollectCommand(commands))
                .addSubcommand(new CheckCommand(commands))
                .addSubcommand(new PreviewCommand(commands, Clock.systemUTC()))
                .addSubcommand(new MoveCommand(commands))
                .addSubcommand(new BackupCommand(commands))
                .addSubcommand(new RestoreCommand(commands))
                .setOut(new PrintWriter(result, true, StandardCharsets.UTF_8))
                .setErr(errors)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    errors.println(Failures.line(failure));
                    return FAILED;
                })
                .execute(arguments.command().toArray(String[]::new));
    }

    ConfigurableApplicationContext context() {
        return context.get();
    }

    PrintStream result() {
        return result;
    }
}
