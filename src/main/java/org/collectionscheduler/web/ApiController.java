package org.collectionscheduler.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.CollectionStatus;
import org.collectionscheduler.catalog.SchedulerLifecycle;
import org.collectionscheduler.run.Attempt;
import org.collectionscheduler.run.Payload;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api")
class ApiController {

    private static final int LARGEST_LIMIT = 1000;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final Catalog catalog;
    private final RunPipeline pipeline;
    private final RunHistory history;
    private final RunWaiter waiter;
    private final SchedulerLifecycle lifecycle;

    ApiController(
            Catalog catalog, RunPipeline pipeline, RunHistory history, RunWaiter waiter, SchedulerLifecycle lifecycle) {
        this.catalog = catalog;
        this.pipeline = pipeline;
        this.history = history;
        this.waiter = waiter;
        this.lifecycle = lifecycle;
    }

    /** A run with its attempts, oldest first. */
    record RunDetail(Run run, List<Attempt> attempts) {}

    record Runs(List<Run> runs) {}

    record Payloads(List<PayloadView> payloads) {}

    /** A payload; {@code payload} is the stored document itself. */
    record PayloadView(
            String id,
            String collection,
            String runId,
            Instant createdAt,
            long bytes,
            @JsonRawValue String payload) {

        static PayloadView of(Payload payload) {
            return new PayloadView(
                    payload.id(),
                    payload.collection(),
                    payload.runId(),
                    payload.createdAt(),
                    payload.bytes(),
                    payload.content());
        }
    }

    /** Starts a run now; with {@code wait}, answers when it has ended or the wait is over. */
    @PostMapping("/collections/{name}/run")
    ResponseEntity<Run> run(@PathVariable String name, @RequestParam(required = false) @Nullable String wait)
            throws InterruptedException {
        Duration patience = wait == null ? Duration.ZERO : WaitParameter.parse(wait, LONGEST_WAIT);
        if (!lifecycle.isRunning()) {
            throw Problems.of(
                    HttpStatus.SERVICE_UNAVAILABLE, "the service is " + lifecycle.state() + "; nothing is started");
        }
        ScheduledCollection collection = catalog.scheduled(name).orElseThrow(() -> unknownCollection(name));
        CollectionStatus status = catalog.status(name).orElseThrow(() -> unknownCollection(name));
        if (status.record().state() == CollectionState.DISABLED) {
            throw Problems.of(HttpStatus.CONFLICT, "collection '" + status.name() + "' is disabled by configuration");
        }
        Run run = pipeline.demand(collection).orElseThrow(() -> active(collection.name()));
        Run latest = waiter.await(run, patience);
        return ResponseEntity.status(latest.isFinished() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .header("Location", "/api/runs/" + run.id())
                .body(latest);
    }

    @GetMapping("/runs")
    Runs runs(
            @RequestParam(required = false) @Nullable String collection, @RequestParam(defaultValue = "20") int limit) {
        return new Runs(history.newestRuns(known(collection), checked(limit)));
    }

    @GetMapping("/runs/{id}")
    RunDetail run(@PathVariable String id) {
        Run run = history.run(id).orElseThrow(() -> Problems.of(HttpStatus.NOT_FOUND, "there is no run with that id"));
        return new RunDetail(run, history.attempts(id));
    }

    @GetMapping("/payloads")
    Payloads payloads(
            @RequestParam(required = false) @Nullable String collection, @RequestParam(defaultValue = "20") int limit) {
        return new Payloads(history.newestPayloads(known(collection), checked(limit)).stream()
                .map(PayloadView::of)
                .toList());
    }

    @GetMapping("/payloads/{id}")
    PayloadView payload(@PathVariable String id) {
        return history.payload(id)
                .map(PayloadView::of)
                .orElseThrow(() -> Problems.of(HttpStatus.NOT_FOUND, "there is no payload with that id"));
    }

    @ExceptionHandler
    ProblemDetail storeUnavailable(StoreUnavailableException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
    }

    /** The stored name of that collection; a retired one is still found by its exact name. */
    private @Nullable String known(@Nullable String name) {
        return name == null
                ? null
                : catalog.scheduled(name).map(ScheduledCollection::name).orElse(name);
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > LARGEST_LIMIT) {
            throw Problems.of(
                    HttpStatus.BAD_REQUEST, "limit is " + limit + "; it must lie between 1 and " + LARGEST_LIMIT);
        }
        return limit;
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
