package org.collectionscheduler.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.CollectionFilter;
import org.collectionscheduler.catalog.CollectionOrder;
import org.collectionscheduler.catalog.CollectionStatus;
import org.collectionscheduler.run.RunState;
import org.collectionscheduler.run.RunStatistics;
import org.collectionscheduler.run.RunStatistics.Statistics;
import org.collectionscheduler.run.RunStatistics.Window;
import org.collectionscheduler.schedule.Decider;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How well it goes. */
@RestController
@RequestMapping("/api/statistics")
class StatisticsController {

    private static final int NEXT_RUNS = 20;
    private static final CollectionOrder SOONEST = new CollectionOrder(CollectionOrder.Key.NEXT_RUN_AT, false);

    private final RunStatistics statistics;
    private final Catalog catalog;
    private final CollectionLookup lookup;

    StatisticsController(RunStatistics statistics, Catalog catalog, CollectionLookup lookup) {
        this.statistics = statistics;
        this.catalog = catalog;
        this.lookup = lookup;
    }

    record NextRun(String collection, Instant at) {}

    /**
     * @param collection null for all
     * @param completeSince retention may have deleted some of the runs that ended before; null when these numbers lack
     *     none
     * @param now unfinished runs by state
     */
    record StatisticsView(
            @Nullable String collection,
            @Nullable Instant completeSince,
            List<Window> windows,
            Map<RunState, Long> now,
            List<NextRun> next) {}

    @GetMapping
    StatisticsView statistics(HttpServletRequest request) {
        String name = new ListRequest("statistics", request, Set.of("collection")).text("collection");
        String collection = name == null ? null : lookup.status(name).name();
        Statistics found = statistics.statistics(collection);
        return new StatisticsView(
                collection, found.completeSince(), found.windows(), found.unfinished(), next(collection));
    }

    /** Whatever runs among the first does so in one of as many collections whose next runs come first. */
    private List<NextRun> next(@Nullable String collection) {
        List<CollectionStatus> soonest = collection == null
                ? catalog.page(CollectionFilter.ALL, SOONEST, null, NEXT_RUNS).collections()
                : List.of(lookup.status(collection));
        Queue<NextRun> first =
                new PriorityQueue<>(Comparator.comparing(NextRun::at).thenComparing(NextRun::collection));
        for (CollectionStatus status : soonest) {
            Instant at = status.nextRunAt();
            if (at != null) {
                first.add(new NextRun(status.name(), at));
            }
        }
        List<NextRun> next = new ArrayList<>();
        while (!first.isEmpty() && next.size() < NEXT_RUNS) {
            NextRun run = first.remove();
            next.add(run);
            catalog.scheduled(run.collection())
                    .flatMap(scheduled -> Decider.nextRunAfter(scheduled.rules(), run.at()))
                    .ifPresent(at -> first.add(new NextRun(run.collection(), at)));
        }
        return next;
    }
}
