package org.collectionscheduler.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.collectionscheduler.store.StoreRestore;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "restore",
        description = "Puts a copy that 'backup' has made in the place of the embedded store, and keeps the old one.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {

    private final Commands commands;

    @Option(names = "--from", required = true, paramLabel = "FILE", description = "What 'backup' has made.")
    private Path from = Path.of("");

    RestoreCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws IOException {
        try (ConfigurableApplicationContext context = commands.context()) {
            Optional<String> wrong = EmbeddedOnly.wrong(context, "pg_restore");
            if (wrong.isPresent()) {
                System.err.println(wrong.get());
                return Commands.WRONG_USAGE;
            }
            StoreRestore.Restored restored = context.getBean(StoreRestore.class).restore(from);
            commands.result().println(from + ": " + restored.bytes() + " bytes, verified and restored");
            EmbeddedOnly.print(restored.rows(), commands.result());
            restored.kept().ifPresent(old -> commands.result().println("the old database is kept as " + old));
            return Commands.DONE;
        }
    }
}
