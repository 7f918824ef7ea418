package org.collectionscheduler.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.collectionscheduler.run.Attempt;
import org.collectionscheduler.run.HistoryPage;
import org.collectionscheduler.run.Payload;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunFilter;
import org.collectionscheduler.run.RunHistory;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.RunState;
import org.collectionscheduler.run.UnreadableRowException;
import org.collectionscheduler.schedule.RunKind;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** What runs were made and what they brought back. */
@RestController
@RequestMapping("/api")
class HistoryController {

    private static final int USUAL_LIMIT = 20;
    private static final Set<String> RUN_PARAMETERS =
            Set.of("collection", "outcome", "kind", "state", "from", "to", ListRequest.LIMIT, ListRequest.CURSOR);
    private static final Set<String> PAYLOAD_PARAMETERS = Set.of("collection", ListRequest.LIMIT);

    private final RunHistory history;
    private final CollectionLookup lookup;
    private final JsonMapper mapper;

    HistoryController(RunHistory history, CollectionLookup lookup, JsonMapper mapper) {
        this.history = history;
        this.lookup = lookup;
        this.mapper = mapper;
    }

    /** A run with its attempts, oldest first. */
    record RunDetail(Run run, List<Attempt> attempts) {}

    /**
     * @param unreadable ids of the rows of this part that cannot be read
     * @param cursor for the next part; null when there is none
     */
    record Runs(
            List<Run> runs,
            List<String> unreadable,
            @Nullable String cursor) {}

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
    Runs runs(HttpServletRequest request) {
        ListRequest list = new ListRequest("runs", request, RUN_PARAMETERS);
        RunFilter filter = new RunFilter(
                lookup.stored(list.text("collection")),
                list.constant("outcome", RunOutcome.class),
                list.constant("kind", RunKind.class),
                list.constant("state", RunState.class),
                list.instant("from"),
                list.instant("to"));
        HistoryPage<Run> page = history.runs(filter, list.rowPosition(), list.limit(USUAL_LIMIT));
        return new Runs(page.rows(), page.unreadable(), list.cursor(page.last()));
    }

    @GetMapping("/runs/{id}")
    RunDetail run(@PathVariable String id) {
        Run run = history.run(id).orElseThrow(() -> Problems.of(HttpStatus.NOT_FOUND, "there is no run with that id"));
        return new RunDetail(run, history.attempts(id));
    }

    /** Written one payload at a time, so that a thousand large ones need no more memory than one. */
    @GetMapping("/payloads")
    void payloads(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ListRequest list = new ListRequest("payloads", request, PAYLOAD_PARAMETERS);
        List<String> ids = history.newestPayloadIds(lookup.stored(list.text("collection")), list.limit(USUAL_LIMIT));
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
        List<String> unreadable = new ArrayList<>();
        json.writeStartObject();
        json.writeArrayPropertyStart("payloads");
        for (String id : ids) {
            try {
                // One that retention has deleted meanwhile is left out.
                history.payload(id).map(PayloadView::of).ifPresent(json::writePOJO);
            } catch (UnreadableRowException e) {
                unreadable.add(id);
            }
        }
        json.writeEndArray();
        json.writePOJOProperty("unreadable", unreadable);
        json.writeEndObject();
        json.close();
    }

    @GetMapping("/payloads/{id}")
    PayloadView payload(@PathVariable String id) {
        return history.payload(id)
                .map(PayloadView::of)
                .orElseThrow(() -> Problems.of(HttpStatus.NOT_FOUND, "there is no payload with that id"));
    }
}
