package org.collectionscheduler.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.collectionscheduler.catalog.CollectorParameters;
import org.collectionscheduler.catalog.Declared;
import org.collectionscheduler.catalog.Definition;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.AttemptEnd;
import org.collectionscheduler.run.OneShot;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "collect",
        description = "Collects once, prints the payload as JSON, stores nothing.",
        mixinStandardHelpOptions = true)
final class CollectCommand implements Callable<Integer> {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

    private final Commands commands;

    @CommandLine.Parameters(paramLabel = "NAME", description = "A collection or a collector, such as cluster-metadata.")
    private String name = "";

    CollectCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ConfigurableApplicationContext context = commands.context()) {
            List<Definition> collections = context.getBean(Declared.class).definitions();
            List<Collector> collectors = context.getBeanProvider(Collector.class)
                    .orderedStream()
                    .sorted(Comparator.comparing(Collector::name))
                    .toList();
            Optional<Definition> collection =
                    collections.stream().filter(known -> same(known.name())).findFirst();
            Optional<Collector> collector = collection
                    .map(Definition::collector)
                    .or(() -> collectors.stream()
                            .filter(known -> same(known.name()))
                            .findFirst());
            if (collector.isEmpty()) {
                System.err.println("there is no collection or collector '" + name + "'; there are: "
                        + Stream.concat(
                                        collections.stream().map(Definition::name),
                                        collectors.stream().map(Collector::name))
                                .distinct()
                                .collect(Collectors.joining(", ")));
                return Commands.WRONG_USAGE;
            }
            Duration timeout = collection.map(Definition::timeout).orElse(DEFAULT_TIMEOUT);
            Parameters parameters = collection
                    .map(Definition::parameters)
                    .orElseGet(() -> parameters(context.getBean(CollectorParameters.class), collector.get()));
            return print(context.getBean(OneShot.class).collect(collector.get(), parameters, timeout));
        }
    }

    /** Those that a collection of the collector's own name would have if nothing were written of it. */
    private static Parameters parameters(CollectorParameters parameters, Collector collector) {
        List<Problem> problems = new ArrayList<>();
        Parameters read = parameters.read(collector.name(), collector, problems::add);
        if (!problems.isEmpty()) {
            throw new StartRefusedException(problems);
        }
        return read;
    }

    private int print(AttemptEnd end) {
        if (end.content() == null) {
            System.err.println(name + " failed: " + end.error());
            return Commands.FAILED;
        }
        commands.result().println(end.content());
        return Commands.DONE;
    }

    private boolean same(String known) {
        return Names.canonical(known).equals(Names.canonical(name));
    }
}
