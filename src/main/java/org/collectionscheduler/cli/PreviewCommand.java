package org.collectionscheduler.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.collectionscheduler.catalog.Declared;
import org.collectionscheduler.catalog.Definition;
import org.collectionscheduler.catalog.RhythmReader;
import org.collectionscheduler.run.CollectionRecord;
import org.collectionscheduler.run.StoredCollections;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.store.Deployment;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "preview",
        description = "Prints the next times of a schedule, or of a collection, in local time and UTC.",
        mixinStandardHelpOptions = true)
final class PreviewCommand implements Callable<Integer> {

    private static final int MOST = 10_000;

    private final Commands commands;
    private final Clock clock;
    private final List<Problem> problems = new ArrayList<>();
    private final RhythmReader reader = new RhythmReader(problems::add);

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A collection.")
    private @Nullable String name;

    @Option(names = "--cron", paramLabel = "EXPRESSION", description = "For example \"0 2 * * *\".")
    private @Nullable String cron;

    @Option(names = "--weekly", paramLabel = "DAYS TIME", description = "For example \"MON,TUE 18:00\".")
    private @Nullable String weekly;

    @Option(names = "--interval", paramLabel = "DURATION", description = "For example 6h; the first time is --from.")
    private @Nullable String interval;

    @Option(names = "--at", paramLabel = "INSTANT", description = "For example 2026-07-01T18:00, in the zone.")
    private @Nullable String at;

    @Option(names = "--zone", paramLabel = "ZONE", description = "Of local times; UTC, or the collection's.")
    private @Nullable String zone;

    @Option(names = "--count", paramLabel = "N", description = "How many times; 10, at most 10000.")
    private int count = 10;

    @Option(names = "--from", paramLabel = "INSTANT", description = "The first moment that is looked at; now.")
    private @Nullable String from;

    @Option(names = "--ical", description = "Writes an iCalendar (RFC 5545) instead of a table.")
    private boolean ical;

    PreviewCommand(Commands commands, Clock clock) {
        this.commands = commands;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        long kinds = Stream.of(name, cron, weekly, interval, at)
                .filter(kind -> kind != null)
                .count();
        if (kinds != 1) {
            System.err.println("give one of NAME, --cron, --weekly, --interval and --at; there are " + kinds);
            return Commands.WRONG_USAGE;
        }
        if (count < 1 || count > MOST) {
            System.err.println("--count = '" + count + "': must lie between 1 and " + MOST);
            return Commands.WRONG_USAGE;
        }
        Optional<ZoneId> zoneOfTimes = reader.zone("--zone", zone == null ? "UTC" : zone);
        Instant begin = from == null
                ? clock.instant()
                : reader.instant("--from", from, zoneOfTimes.orElse(ZoneId.of("UTC")))
                        .orElse(Instant.EPOCH);
        Optional<Preview> preview = Optional.empty();
        if (name == null) {
            preview = ofOptions(zoneOfTimes, begin);
        } else if (problems.isEmpty()) {
            preview = ofCollection(name, begin);
        }
        problems.forEach(System.err::println);
        if (preview.isEmpty() || !problems.isEmpty()) {
            return Commands.WRONG_USAGE;
        }
        commands.result()
                .print(
                        ical
                                ? ICalendar.of(preview.get(), begin, count, clock.instant())
                                : PreviewTable.of(preview.get(), begin, count));
        commands.result().flush();
        return Commands.DONE;
    }

    private Optional<Preview> ofOptions(Optional<ZoneId> zoneOfTimes, Instant begin) {
        Optional<Rhythm> rhythm;
        if (cron != null) {
            rhythm = reader.cron("--cron", cron, zoneOfTimes);
        } else if (weekly != null) {
            rhythm = reader.weekly("--weekly", weekly, zoneOfTimes);
        } else if (interval != null) {
            rhythm = reader.interval("--interval", interval);
        } else {
            rhythm = reader.at("--at", at == null ? "" : at, zoneOfTimes);
        }
        return rhythm.flatMap(read -> zoneOfTimes.map(local ->
                new Preview(RhythmText.of(read), read.schedule(begin, Duration.ZERO), local, QuietTimes.NONE)));
    }

    private Optional<Preview> ofCollection(String wanted, Instant begin) {
        try (ConfigurableApplicationContext context = commands.context()) {
            List<Definition> declared = context.getBean(Declared.class).definitions();
            Optional<Definition> found = declared.stream()
                    .filter(known -> Names.canonical(known.name()).equals(Names.canonical(wanted)))
                    .findFirst();
            if (found.isEmpty()) {
                System.err.println("there is no collection '" + wanted + "'; there are: "
                        + declared.stream().map(Definition::name).collect(Collectors.joining(", ")));
                return Optional.empty();
            }
            Instant anchor = context.getBean(StoredCollections.class).all().stream()
                    .filter(record -> record.name().equals(found.get().name()))
                    .map(CollectionRecord::anchor)
                    .findFirst()
                    .orElse(begin);
            return Optional.of(preview(found.get(), anchor, context.getBean(Deployment.class)));
        }
    }

    private Preview preview(Definition definition, Instant anchor, Deployment deployment) {
        boolean drawnLater = deployment.origin() == Deployment.Origin.EPHEMERAL
                && !definition.maxOffset().isZero();
        if (drawnLater) {
            System.err.println("each time will be later by an offset below " + Durations.text(definition.maxOffset())
                    + ", which the first start draws");
        }
        Schedule schedule = drawnLater
                ? definition.rhythm().schedule(anchor, Duration.ZERO)
                : definition.schedule(deployment.seed(), anchor);
        ZoneId local = zone == null ? definition.rhythm().zone().orElse(ZoneId.of("UTC")) : ZoneId.of(zone);
        return new Preview(
                definition.name() + ", " + RhythmText.of(definition.rhythm()), schedule, local, definition.quiet());
    }
}
