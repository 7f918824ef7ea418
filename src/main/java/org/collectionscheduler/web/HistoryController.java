package org.collectionscheduler.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.run.Attempt;
import org.collectionscheduler.run.Payload;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.ScheduledCollection;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** What runs were made and what they brought back. */
@RestController
@RequestMapping("/api")
class HistoryController {

    private static final int LARGEST_LIMIT = 1000;

    private final RunHistory history;
    private final Catalog catalog;
    private final JsonMapper mapper;

    HistoryController(RunHistory history, Catalog catalog, JsonMapper mapper) {
        this.history = history;
        this.catalog = catalog;
        this.mapper = mapper;
    }

    /** A run with its attempts, oldest first. */
    record RunDetail(Run run, List<Attempt> attempts) {}

    record Runs(List<Run> runs) {}

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

    /** Written one payload at a time, so that a thousand large ones need no more memory than one. */
    @GetMapping("/payloads")
    void payloads(
            @RequestParam(required = false) @Nullable String collection,
            @RequestParam(defaultValue = "20") int limit,
            HttpServletResponse response)
            throws IOException {
        List<String> ids = history.newestPayloadIds(known(collection), checked(limit));
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        try {
            write(ids, mapper.createGenerator(response.getOutputStream()));
        } catch (RuntimeException e) {
            // What has not been sent yet makes room for the problem; what has been is not a whole document.
            if (!response.isCommitted()) {
                response.reset();
            }
            throw e;
        }
    }

    /** Closes the generator only behind the last payload: closing would make a whole document of half of one. */
    private void write(List<String> ids, JsonGenerator json) {
        json.writeStartObject();
        json.writeArrayPropertyStart("payloads");
        // One that retention has deleted meanwhile is left out.
        ids.forEach(id -> history.payload(id).ifPresent(payload -> json.writePOJO(PayloadView.of(payload))));
        json.writeEndArray();
        json.writeEndObject();
        json.close();
    }

    @GetMapping("/payloads/{id}")
    PayloadView payload(@PathVariable String id) {
        return history.payload(id)
                .map(PayloadView::of)
                .orElseThrow(() -> Problems.of(HttpStatus.NOT_FOUND, "there is no payload with that id"));
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
}
