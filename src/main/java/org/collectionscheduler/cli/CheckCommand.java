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
import org.collectionscheduler.run.QuarantinedException;
import org.collectionscheduler.run.Registrations;
import org.collectionscheduler.run.StoredCollections;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.Progress;
import org.collectionscheduler.schedule.Rules;
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
            StoredCollections stored = context.getBean(StoredCollections.class);
            Map<String, CollectionRecord> records =
                    stored.all().stream().collect(Collectors.toMap(CollectionRecord::name, Function.identity()));
            Map<String, QuarantinedException> quarantined = stored.quarantined();
            Moment moment = new Moment(
                    context.getBean(Deployment.class),
                    context.getBean(Clock.class).instant());
            commands.result()
                    .println("source: "
                            + Source.decide(context.getEnvironment())
                                    .map(Source::lowerCaseName)
                                    .orElse("unknown"));
            for (Definition definition : context.getBean(Declared.class).definitions()) {
                String name = definition.name();
                QuarantinedException reason = quarantined.get(name);
                String first =
                        reason == null ? first(definition, records.get(name), moment) : "never: " + reason.getMessage();
                commands.result().println(line(definition) + ", first run " + first);
            }
        }
        return Commands.DONE;
    }

    /** Where and when a start of the service is thought of. */
    private record Moment(Deployment deployment, Instant now) {}

    private static String line(Definition definition) {
        String raised = definition.isRaised()
                ? " (raised from " + RhythmText.shortOf(definition.configuredRhythm()) + ", the collector's minimum)"
                : "";
        return definition.name() + ": collector " + definition.collector().name() + ", "
                + RhythmText.of(definition.rhythm()) + raised + ", timeout " + Durations.text(definition.timeout());
    }

    private static String first(Definition definition, @Nullable CollectionRecord record, Moment moment) {
        if (!definition.enabled()) {
            return "never: it is disabled";
        }
        Deployment deployment = moment.deployment();
        Instant now = moment.now();
        Schedule schedule = definition.schedule(deployment.seed(), record == null ? now : record.anchor());
        Rules rules = definition.rules(schedule);
        Progress progress = progress(definition, deployment.seed(), record, schedule, now);
        if (Decider.decide(rules, progress, now) instanceof Decision.Start start) {
            return "at once (" + start.kind() + ")";
        }
        if (deployment.origin() == Deployment.Origin.EPHEMERAL
                && !definition.maxOffset().isZero()) {
            return "at its first start plus an offset below " + Durations.text(definition.maxOffset())
                    + ", which that start draws";
        }
        return Decider.nextRunAt(rules, progress, now)
                .map(next -> "at " + next + (progress.state() == CollectionState.SUSPENDED ? ", after its rest" : ""))
                .orElseGet(() -> never(Decider.state(schedule, progress)));
    }

    private static String never(CollectionState state) {
        return switch (state) {
            case PAUSED -> "not before somebody resumes it: it is paused";
            case COMPLETED -> "never: its schedule has ended";
            default -> "never: no slot is left to be served";
        };
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
