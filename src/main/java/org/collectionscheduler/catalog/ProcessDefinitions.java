package org.collectionscheduler.catalog;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;

/** Makes definitions of what code in the process says of a collection, by the rules that hold for the configuration. */
final class ProcessDefinitions {

    private final Definitions.Groups settings;
    private final Set<String> configured;
    private final QuietRules quiet;

    ProcessDefinitions(Definitions.Groups settings) {
        Set<String> names = CollectionNames.union(List.of(
                settings.get(CatalogProperties.class).collections(),
                settings.get(ScheduleProperties.class).collections(),
                settings.get(PolicyProperties.class).collections()));
        this.settings = settings;
        this.configured = names.stream().map(Names::canonical).collect(Collectors.toUnmodifiableSet());
        String zone = settings.get(ScheduleProperties.class).defaults().zone();
        // Windows that are wrong have refused the start.
        this.quiet = new QuietRules(settings.get(QuietProperties.class), zone, names, ignored -> {});
    }

    /** @throws IllegalArgumentException when it is no expression, or never fires */
    static Rhythm cron(String expression, ZoneId zone) {
        List<Problem> problems = new ArrayList<>();
        return new RhythmReader(problems::add)
                .cron("cron", expression, Optional.of(zone))
                .orElseThrow(() -> refusal(problems));
    }

    private static IllegalArgumentException refusal(List<Problem> problems) {
        return new IllegalArgumentException(
                problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    }

    /** Whether the configuration says anything of a collection of that name. */
    boolean isConfigured(String name) {
        return configured.contains(Names.canonical(name));
    }

    /** @throws IllegalArgumentException naming everything that is wrong */
    Definition define(String name, Rhythm rhythm, Collections.Options options, Collections.Gathering gathering) {
        List<Problem> problems = new ArrayList<>();
        PolicyProperties policy = settings.get(PolicyProperties.class);
        check(name, rhythm, options, policy, problems);
        if (!problems.isEmpty()) {
            throw refusal(problems);
        }
        String collector = options.collector() == null ? name : options.collector();
        Policies policies = Definitions.policiesFor(rhythm, Policies.of(policy.defaults(), options.policies()));
        return new Definition(
                name,
                new ProcessCollector(collector, options.minimumInterval(), options.repeatable(), gathering),
                true,
                rhythm,
                options.maxOffset(),
                policies,
                quiet.of(name, policies.labels()),
                settings.get(CatalogProperties.class).runOnStart(),
                Parameters.NONE);
    }

    private void check(
            String name, Rhythm rhythm, Collections.Options options, PolicyProperties policy, List<Problem> problems) {
        if (!Definitions.isName(name, problems::add)) {
            return;
        }
        if (isConfigured(name)) {
            problems.add(new Problem(
                    "scheduler.collections." + name,
                    null,
                    "is declared by the configuration, so code cannot register it",
                    "Give it another name, or remove it from the configuration"));
        }
        if (rhythm instanceof Rhythm.Interval interval) {
            Durations.checkPositive(CollectionNames.key(name, "interval"), interval.every(), problems::add);
        }
        Rhythms.isAllowed(name, rhythm, options.minimumInterval(), problems::add);
        Durations.checkNotNegative(CollectionNames.key(name, "max-offset"), options.maxOffset(), problems::add);
        Durations.checkNotNegative(
                CollectionNames.key(name, "minimum-interval"), options.minimumInterval(), problems::add);
        PolicyChecks.check(
                "scheduler.collections." + name,
                options.policies(),
                Policies.merge(policy.defaults(), options.policies()),
                problems::add);
    }

    /** What code in the process gathers. */
    private record ProcessCollector(
            String name, Duration minimumInterval, boolean repeatable, Collections.Gathering gathering)
            implements Collector {

        @Override
        public Collected collect(CollectionContext context) throws Exception {
            return gathering.collect(context);
        }
    }
}
