package org.collectionscheduler.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.function.BiPredicate;
import org.collectionscheduler.catalog.CollectionStatus;
import org.collectionscheduler.catalog.CollectionView;
import org.collectionscheduler.catalog.SchedulerLifecycle;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.Interventions;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.schedule.CollectionState;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is done to collections. Each change is kept with where it came from and why. */
@RestController
@RequestMapping("/api/collections/{name}")
class InterventionsController {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final CollectionLookup lookup;
    private final Interventions interventions;
    private final RunPipeline pipeline;
    private final RunWaiter waiter;
    private final SchedulerLifecycle lifecycle;

    InterventionsController(
            CollectionLookup lookup,
            Interventions interventions,
            RunPipeline pipeline,
            RunWaiter waiter,
            SchedulerLifecycle lifecycle) {
        this.lookup = lookup;
        this.interventions = interventions;
        this.pipeline = pipeline;
        this.waiter = waiter;
        this.lifecycle = lifecycle;
    }

    /** @param changed false when it was so before */
    record Changed(boolean changed, @JsonUnwrapped CollectionView collection) {}

    /** Holds the schedule. One that is disabled can be paused, too: it then stays so when it is enabled. */
    @PostMapping("/pause")
    Changed pause(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String reason,
            HttpServletRequest request) {
        CollectionStatus status = changeable(name);
        if (status.state() == CollectionState.COMPLETED) {
            throw Problems.of(
                    HttpStatus.CONFLICT,
                    "collection '" + status.name() + "' is completed; its schedule has no slot left to be held");
        }
        return change(status, interventions::pause, cause(request, reason));
    }

    /** Follows the schedule again, from now on: ends a pause, and a rest that the failure policy gave. */
    @PostMapping("/resume")
    Changed resume(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String reason,
            HttpServletRequest request) {
        return change(changeable(name), interventions::resume, cause(request, reason));
    }

    /** Starts a run now; with {@code wait}, answers when it has ended or the wait is over. */
    @PostMapping("/run")
    ResponseEntity<Run> run(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String wait,
            @RequestParam(required = false) @Nullable String reason,
            HttpServletRequest request)
            throws InterruptedException {
        Duration patience = wait == null ? Duration.ZERO : WaitParameter.parse(wait, LONGEST_WAIT);
        CollectionStatus status = changeable(name);
        if (status.state() == CollectionState.DISABLED) {
            throw Problems.of(HttpStatus.CONFLICT, "collection '" + status.name() + "' is disabled by configuration");
        }
        ScheduledCollection collection = lookup.scheduled(name);
        Run run = pipeline.demand(collection, cause(request, reason)).orElseThrow(() -> notStarted(name));
        Run latest = waiter.await(run, patience);
        return ResponseEntity.status(latest.isFinished() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .header("Location", "/api/runs/" + run.id())
                .body(latest);
    }

    private CollectionStatus changeable(String name) {
        if (!lifecycle.isRunning()) {
            throw Problems.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "the service is " + lifecycle.state() + "; nothing is started or changed");
        }
        CollectionStatus status = lookup.intact(name);
        if (status.state() == CollectionState.RETIRED) {
            throw Problems.of(
                    HttpStatus.CONFLICT,
                    "collection '" + status.name() + "' was removed by another instance; its history stays");
        }
        return status;
    }

    private Changed change(CollectionStatus status, BiPredicate<ScheduledCollection, Cause> change, Cause cause) {
        boolean changed = change.test(lookup.scheduled(status.name()), cause);
        return new Changed(changed, CollectionView.of(lookup.status(status.name())));
    }

    static Cause cause(HttpServletRequest request, @Nullable String reason) {
        return new Cause("api " + request.getRemoteAddr(), reason);
    }

    private ErrorResponseException notStarted(String name) {
        if (pipeline.isDrained()) {
            return Problems.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "this instance is drained and starts nothing; ask another one, or start it anew");
        }
        CollectionStatus status = lookup.status(name);
        String run = status.active().isEmpty()
                ? ""
                : " with run " + status.active().get(0).id();
        return Problems.of(
                HttpStatus.CONFLICT, "collection '" + status.name() + "' is busy" + run + "; wait for its end");
    }
}
