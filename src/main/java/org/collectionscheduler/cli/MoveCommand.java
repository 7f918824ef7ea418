package org.collectionscheduler.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.store.MoveTarget;
import org.collectionscheduler.store.StoreMove;
import org.collectionscheduler.store.StoreMove.Moved;
import org.collectionscheduler.store.StoreType;
import org.collectionscheduler.store.TableSum;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "move",
        description = "Carries the whole store, which no service may use meanwhile, into another database.",
        mixinStandardHelpOptions = true)
final class MoveCommand implements Callable<Integer> {

    private final Commands commands;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "PLACE",
            description = "jdbc:postgresql://host:5432/database, or embedded:/path/to/directory.")
    private String to = "";

    @Option(names = "--to-username", paramLabel = "NAME", description = "Of the PostgreSQL that is moved to.")
    private @Nullable String username;

    @Option(
            names = "--to-password-file",
            paramLabel = "FILE",
            description = "Its first line is the password of the PostgreSQL that is moved to.")
    private @Nullable Path passwordFile;

    MoveCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws IOException {
        MoveTarget target = new MoveTarget(to, username, passwordFile);
        List<Problem> problems = target.problems();
        if (!problems.isEmpty()) {
            problems.forEach(System.err::println);
            return Commands.WRONG_USAGE;
        }
        try (ConfigurableApplicationContext context = commands.context()) {
            if (context.getBean(StoreType.class) == StoreType.MEMORY) {
                System.err.println("scheduler.store.type = 'memory': keeps nothing that could be moved. Name the store"
                        + " by scheduler.store.directory or spring.datasource.url");
                return Commands.WRONG_USAGE;
            }
            return print(context.getBean(StoreMove.class).move(target, System.err::println));
        }
    }

    private int print(List<Moved> tables) {
        tables.forEach(table -> commands.result().println(line(table)));
        if (tables.stream().allMatch(Moved::isEqual)) {
            commands.result().println("moved: all tables are equal on both sides");
            return Commands.DONE;
        }
        System.err.println("--to: is not equal to its source, and no service will use it as it is. Something else has"
                + " written one of both meanwhile: stop that, then start the command again");
        return Commands.FAILED;
    }

    private static String line(Moved moved) {
        String source = moved.table() + ": " + text(moved.source());
        return moved.isEqual()
                ? source + ", equal on both sides"
                : source + " in the source, but " + text(moved.destination()) + " in the destination";
    }

    private static String text(TableSum sum) {
        return sum.rows() + " rows, sha256 " + sum.sha256();
    }
}
