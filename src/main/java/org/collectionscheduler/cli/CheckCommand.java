package org.collectionscheduler.cli;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.collectionscheduler.catalog.Declared;
import org.collectionscheduler.catalog.Definition;
import org.collectionscheduler.collector.Source;
import org.collectionscheduler.run.CollectionRecord;
import org.collectionscheduler.run.Registrations;
import org.collectionscheduler.run.StoredCollections;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.Progress;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.store.Deployment;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;

@Command(
        name = "check",
        description = "Reads the configuration as the service would and prints what would be scheduled.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    private final Commands commands;

    CheckCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context = commands.context()) {
            Deployment deployment = context.getBean(Deployment.class);
            Instant now = context.getBean(Clock.class).instant();
            Map<String, CollectionRecord> stored = context.getBean(StoredCollections.class).all().stream()
                    .collect(Collectors.toMap(CollectionRecord::name, Function.identity()));
            commands.result()
                    .println("source: "
                            + Source.decide(context.getEnvironment())
                                    .map(Source::lowerCaseName)
                                    .orElse("unknown"));
            for (Definition definition : context.getBean(Declared.class).definitions()) {
                CollectionRecord record = stored.get(definition.name());
                commands.result().println(line(definition, record, deployment, now));
            }
        }
        return Commands.DONE;
    }

    private static String line(
            Definition definition, @Nullable CollectionRecord record, Deployment deployment, Instant now) {
        String raised = definition.isRaised()
                ? " (raised from " + RhythmText.shortOf(definition.configuredRhythm()) + ", the collector's minimum)"
                : "";
        return definition.name() + ": collector " + definition.collector().name() + ", "
                + RhythmText.of(definition.rhythm()) + raised + ", timeout "
                + Durations.text(definition.timeout()) + ", first run " + first(definition, record, deployment, now);
    }

    private static String first(
            Definition definition, @Nullable CollectionRecord record, Deployment deployment, Instant now) {
        if (!definition.enabled()) {
            return "never: it is disabled";
        }
        Schedule schedule = definition.schedule(deployment.seed(), record == null ? now : record.anchor());
        Decision decision = Decider.decide(
                definition.rules(schedule), progress(definition, deployment.seed(), record, schedule, now), now);
        if (decision instanceof Decision.Start start) {
            return "at once (" + start.kind() + ")";
        }
        if (deployment.origin() == Deployment.Origin.EPHEMERAL
                && !definition.maxOffset().isZero()) {
            return "at its first start plus an offset below " + Durations.text(definition.maxOffset())
                    + ", which that start draws";
        }
        return "at " + schedule.nextAfter(now).map(Instant::toString).orElse("no time");
    }

    /** As the service would see the collection once it has registered it; an unfinished run is not looked at. */
    private static Progress progress(
            Definition definition, String seed, @Nullable CollectionRecord record, Schedule schedule, Instant now) {
        if (record == null) {
            Instant settled = schedule.settledAt(now.minusMillis(1));
            return new Progress(definition.state(), null, settled, new TreeSet<>(), null, true, List.of(), 0);
        }
        CollectionRecord registered = Registrations.changed(record, definition.registration(seed), schedule, now);
        return new Progress(
                registered.state(),
                registered.state() == CollectionState.SUSPENDED ? registered.suspendedUntil() : null,
                registered.decidedUntil(),
                new TreeSet<>(),
                registered.lastStartedAt(),
                true,
                List.of(),
                0);
    }
}
