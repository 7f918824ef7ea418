package org.collectionscheduler.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.collectionscheduler.store.StoreBackup;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        description = "Copies the embedded store into one file, also while the service runs.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {

    private final Commands commands;

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "A file that does not exist.")
    private Path to = Path.of("");

    BackupCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws IOException {
        try (ConfigurableApplicationContext context = commands.context()) {
            Optional<String> wrong = EmbeddedOnly.wrong(context, "pg_dump");
            if (wrong.isPresent()) {
                System.err.println(wrong.get());
                return Commands.WRONG_USAGE;
            }
            StoreBackup.Copy copy = context.getBean(StoreBackup.class).backup(to);
            commands.result().println(to + ": " + copy.bytes() + " bytes, verified");
            EmbeddedOnly.print(copy.rows(), commands.result());
            return Commands.DONE;
        }
    }
}
