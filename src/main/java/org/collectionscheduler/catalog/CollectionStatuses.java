package org.collectionscheduler.catalog;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.Standing;
import org.collectionscheduler.run.StuckAttempt;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.Progress;
import org.collectionscheduler.schedule.Schedule;
import org.jspecify.annotations.Nullable;

/** Puts together what is declared of collections and what is stored of them. */
final class CollectionStatuses {

    private final RunPipeline pipeline;
    private final Clock clock;

    CollectionStatuses(RunPipeline pipeline, Clock clock) {
        this.pipeline = pipeline;
        this.clock = clock;
    }

    /** In the order given; those whose stored row cannot be read are left out. */
    List<CollectionStatus> of(Collection<Catalog.Entry> entries) {
        Map<String, StuckAttempt> stuck = stuck();
        Map<String, Standing> standings = pipeline.standings(
                entries.stream().map(Catalog.Entry::scheduled).toList());
        List<CollectionStatus> statuses = new ArrayList<>();
        for (Catalog.Entry entry : entries) {
            String name = entry.scheduled().name();
            Standing standing = standings.get(name);
            if (standing != null) {
                statuses.add(status(entry, standing, stuck.get(name)));
            }
        }
        return statuses;
    }

    private Map<String, StuckAttempt> stuck() {
        return pipeline.stuck().stream()
                .collect(Collectors.toMap(StuckAttempt::collection, Function.identity(), (first, second) -> first));
    }

    private CollectionStatus status(Catalog.Entry entry, Standing standing, @Nullable StuckAttempt stuck) {
        ScheduledCollection scheduled = entry.scheduled();
        Schedule schedule = scheduled.rules().schedule();
        Progress progress = standing.progress();
        Instant now = clock.instant();
        boolean inForce = standing.record().isInForce(scheduled.declaration());
        return new CollectionStatus(
                entry.definition(),
                standing.record(),
                pipeline.isQuarantined(scheduled.name())
                        ? CollectionState.QUARANTINED
                        : Decider.state(schedule, progress),
                now,
                inForce,
                schedule,
                inForce ? Decider.nextRunAt(scheduled.rules(), progress, now).orElse(null) : null,
                inForce ? Decider.due(scheduled.rules(), progress, now).orElse(null) : null,
                standing.active(),
                standing.last(),
                stuck);
    }
}
