package org.collectionscheduler.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.CollectionStatus;
import org.collectionscheduler.catalog.SchedulerLifecycle;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.schedule.CollectionState;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is done to collections. */
@RestController
@RequestMapping("/api/collections")
class CollectionsController {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final Catalog catalog;
    private final RunPipeline pipeline;
    private final RunHistory history;
    private final RunWaiter waiter;
    private final SchedulerLifecycle lifecycle;

    CollectionsController(
            Catalog catalog, RunPipeline pipeline, RunHistory history, RunWaiter waiter, SchedulerLifecycle lifecycle) {
        this.catalog = catalog;
        this.pipeline = pipeline;
        this.history = history;
        this.waiter = waiter;
        this.lifecycle = lifecycle;
    }

    /** Starts a run now; with {@code wait}, answers when it has ended or the wait is over. */
    @PostMapping("/{name}/run")
    ResponseEntity<Run> run(@PathVariable String name, @RequestParam(required = false) @Nullable String wait,
            @RequestParam(required = false) @Nullable String reason,
            HttpServletRequest request)
            throws InterruptedException {
        Duration patience = wait == null ? Duration.ZERO : WaitParameter.parse(wait, LONGEST_WAIT);
        if (!lifecycle.isRunning()) {
            throw Problems.of(
                    HttpStatus.SERVICE_UNAVAILABLE, "the service is " + lifecycle.state() + "; nothing is started");
        }
        ScheduledCollection collection = catalog.scheduled(name).orElseThrow(() -> unknownCollection(name));
        CollectionStatus status = catalog.status(name).orElseThrow(() -> unknownCollection(name));
        if (status.state() == CollectionState.DISABLED) {
            throw Problems.of(HttpStatus.CONFLICT, "collection '" + status.name() + "' is disabled by configuration");
        }
        Run run = pipeline.demand(collection, new Cause("api " + request.getRemoteAddr(), reason))
                .orElseThrow(() -> active(collection.name()));
        Run latest = waiter.await(run, patience);
        return ResponseEntity.status(latest.isFinished() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .header("Location", "/api/runs/" + run.id())
                .body(latest);
    }

    private RuntimeException unknownCollection(String name) {
        return Problems.of(
                HttpStatus.NOT_FOUND,
                "there is no collection '" + name + "'; there are: " + String.join(", ", catalog.names()));
    }

    private RuntimeException active(String name) {
        Optional<String> id = history.active().stream()
                .filter(run -> run.collection().equals(name))
                .map(Run::id)
                .findFirst();
        return Problems.of(
                HttpStatus.CONFLICT,
                "collection '" + name + "' is busy"
                        + id.map(run -> " with run " + run).orElse("") + "; wait for its end");
    }
}
